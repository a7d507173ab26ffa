//! The Web Worker's shell: messages in and out, bytes of files, and the time to work in.

mod team;
mod writer;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageChannel, MessageEvent, MessagePort};

use self::team::Assembly;
use crate::linalg;
use crate::protocol::{self, About, Command, Event, RunId};
use crate::session::{MAX_MODEL, Session, TeamUse};
use crate::train::Config;
use crate::train::model::Reading;

/// A tick's length: short enough that commands feel immediate, long enough that yielding costs nothing.
const TICK_MS: f64 = 20.0;
/// Bytes read of a file at once.
const PIECE: u64 = 4 << 20;
/// Small files that are read at once.
const MAX_AT_ONCE: usize = 64;

struct Shell {
    scope: DedicatedWorkerGlobalScope,
    session: RefCell<Session>,
    files: RefCell<Vec<File>>,
    /// Counts loads, so that a read that comes back late is known to be of an old one.
    load: Cell<u32>,
    /// The load whose files are being read.
    reading: Cell<Option<u32>>,
    /// A team that is coming together.
    assembly: RefCell<Option<Assembly>>,
    is_ticking: Cell<bool>,
    /// Messages to oneself: each is a turn of the event loop in which commands can come in between.
    turns: MessagePort,
}

/// Runs the worker with fused multiplication and addition. A program that refers to this does not start in a browser
/// without relaxed SIMD.
pub fn start_relaxed() {
    linalg::choose(&linalg::RELAXED);
    start();
}

/// Runs the worker: as the page's trainer, as a member of a trainer's team, or to write files, as whoever starts it says.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    if team::is_member(&scope) {
        return team::start_member(&scope);
    }
    if writer::is_writer(&scope) {
        return writer::start_writer(&scope);
    }
    std::panic::set_hook(Box::new({
        let scope = scope.clone();
        move |info| {
            console_error_panic_hook::hook(info);
            let message = info.to_string().replace('\n', " ");
            post(&scope, vec![Event::Crashed { message }]);
        }
    }));
    let channel = MessageChannel::new().expect("workers have message channels");
    let shell = Rc::new(Shell {
        scope: scope.clone(),
        session: RefCell::new(Session::new(team::host())),
        files: RefCell::default(),
        load: Cell::new(0),
        reading: Cell::new(None),
        assembly: RefCell::default(),
        is_ticking: Cell::new(false),
        turns: channel.port2(),
    });

    let on_turn = Closure::<dyn Fn()>::new({
        let shell = shell.clone();
        move || shell.clone().turn()
    });
    channel.port1().set_onmessage(Some(on_turn.as_ref().unchecked_ref()));
    on_turn.forget();

    let ready = shell.session.borrow().ready();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let parts: js_sys::Array = message.data().unchecked_into();
        shell.clone().command(&parts);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&scope, vec![ready]);
}

/// Posts events in one message. The bytes of models and checkpoints are handed over beside it, in their order, so that the
/// page never copies them.
fn post(scope: &DedicatedWorkerGlobalScope, mut events: Vec<Event>) {
    if events.is_empty() {
        return;
    }
    let bytes = |event: &mut Event| match event {
        Event::Model { bytes, .. } | Event::Checkpoint { bytes, .. } => Some(std::mem::take(bytes)),
        _ => None,
    };
    let beside: Vec<Vec<u8>> = events.iter_mut().filter_map(bytes).collect();
    let array = |bytes: &[u8]| js_sys::Uint8Array::from(bytes);
    let parts = js_sys::Array::of1(&array(&protocol::encode(&events)));
    for bytes in beside {
        parts.push(&array(&bytes));
    }
    let buffers =
        parts.iter().map(|part| part.unchecked_into::<js_sys::Uint8Array>().buffer()).collect::<js_sys::Array>();
    // A page that is gone hears nothing, and that is all.
    drop(scope.post_message_with_transfer(&parts, &buffers));
}

/// Milliseconds, of the worker's own monotonic clock.
pub(super) fn now() -> f64 {
    js_sys::global().unchecked_into::<web_sys::WorkerGlobalScope>().performance().map_or(0.0, |clock| clock.now())
}

impl Shell {
    fn command(self: Rc<Self>, parts: &js_sys::Array) {
        let bytes = parts.get(0).dyn_into::<js_sys::Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
        let Some(command) = protocol::decode(&bytes) else {
            let message = "The worker does not understand this page. Reload it.".into();
            return post(&self.scope, vec![Event::Refused { about: About::Command, message }]);
        };
        if let (Command::OpenModel { run, config, reading, .. }, Ok(file)) = (&command, parts.get(1).dyn_into::<File>())
        {
            return spawn_local(self.open_model(*run, config.clone(), *reading, file));
        }
        let was_loading = self.session.borrow().is_loading();
        let (is_load, is_more) =
            (matches!(command, Command::Load { .. }), matches!(command, Command::MoreFiles { .. }));
        let events = self.session.borrow_mut().handle(command, &now);
        let files = || parts.iter().skip(1).filter_map(|part| part.dyn_into::<File>().ok());
        if is_load && !was_loading {
            self.load.set(self.load.get() + 1);
            *self.files.borrow_mut() = files().collect();
        } else if is_more && was_loading {
            self.files.borrow_mut().extend(files());
        }
        if self.session.borrow().wanted_file().is_some() && self.reading.get() != Some(self.load.get()) {
            self.reading.set(Some(self.load.get()));
            spawn_local(self.clone().read_files(self.load.get()));
        }
        self.answer(events);
    }

    /// Says what a command or a piece of work has led to, and sees to what it has left to be done.
    fn answer(self: Rc<Self>, events: Vec<Event>) {
        post(&self.scope, events);
        self.clone().assemble();
        self.keep_ticking();
    }

    /// Starts the team that the session wants, and gives up one that it no longer wants.
    fn assemble(self: Rc<Self>) {
        let wanted = self.session.borrow().wanted_team().map(|(usage, config)| (usage, config.clone()));
        let is_under_way = |usage| self.assembly.borrow().as_ref().is_some_and(|assembly| assembly.usage == usage);
        match wanted {
            Some((usage, _)) if is_under_way(usage) => {}
            None => drop(self.assembly.take()),
            Some((usage, config)) => {
                // The old one first, for its memory.
                drop(self.assembly.take());
                let shell = self.clone();
                let done = move |is_there| spawn_local(shell.clone().take_team(usage, is_there));
                let assembly = Assembly::start(usage, &config, done);
                let has_started = assembly.is_some();
                self.assembly.replace(assembly);
                if !has_started {
                    spawn_local(self.take_team(usage, false));
                }
            }
        }
    }

    /// Passes on the team, in a turn of its own: it is said in a handler that goes away with the team.
    async fn take_team(self: Rc<Self>, usage: TeamUse, is_there: bool) {
        if self.session.borrow().wanted_team().is_none_or(|(wanted, _)| wanted != usage) {
            return;
        }
        let team = self.assembly.take().filter(|_| is_there).map(Assembly::team);
        let events = self.session.borrow_mut().take_team(team, &now);
        self.answer(events);
    }

    async fn open_model(self: Rc<Self>, run: RunId, config: Config, reading: Reading, file: File) {
        if file.size() > MAX_MODEL as f64 * 1.01 {
            let message = format!(
                "“{}” is too large for a model: {} MiB is the most. Choose another.",
                file.name(),
                MAX_MODEL >> 20
            );
            return post(&self.scope, vec![Event::Refused { about: About::Model, message }]);
        }
        let bytes = read(&file).await;
        let events = match bytes {
            Some(bytes) => self.session.borrow_mut().handle(Command::OpenModel { run, bytes, config, reading }, &now),
            None => vec![Event::Refused {
                about: About::Model,
                message: format!("“{}” could not be read. Choose it again.", file.name()),
            }],
        };
        self.answer(events);
    }

    fn keep_ticking(&self) {
        if !self.is_ticking.get() && self.session.borrow().is_busy() {
            self.is_ticking.set(true);
            drop(self.turns.post_message(&JsValue::NULL));
        }
    }

    fn turn(self: Rc<Self>) {
        self.is_ticking.set(false);
        let events = self.session.borrow_mut().tick(TICK_MS, &now);
        self.answer(events);
    }

    /// Reads what the session wants: a piece of a large file, or many small files at once, since each has to be waited
    /// for.
    async fn read_files(self: Rc<Self>, load: u32) {
        loop {
            let wanted = self.session.borrow().wanted_files(MAX_AT_ONCE, PIECE);
            if wanted.is_empty() {
                break;
            }
            let reads: Vec<(usize, u64, Option<Promise>)> = {
                let files = self.files.borrow();
                wanted
                    .iter()
                    .map(|&(index, at)| (index, at, files.get(index).and_then(|file| reading(file, at))))
                    .collect()
            };
            for (index, at, read) in reads {
                let bytes = match read {
                    Some(read) => {
                        JsFuture::from(read).await.ok().map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec())
                    }
                    None => None,
                };
                if self.load.get() != load {
                    return;
                }
                if self.session.borrow().wanted_file() != Some((index, at)) {
                    break;
                }
                let events = self.session.borrow_mut().take_bytes(bytes.as_deref(), &now);
                post(&self.scope, events);
            }
        }
        self.reading.set(None);
        if !self.session.borrow().is_loading() {
            self.files.borrow_mut().clear();
        }
    }
}

/// The next piece of a file, on its way; `None` if it cannot be had.
fn reading(file: &File, start: u64) -> Option<Promise> {
    let piece = file.slice_with_f64_and_f64(start as f64, (start + PIECE) as f64).ok()?;
    Some(piece.array_buffer())
}

/// A whole file.
async fn read(file: &File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
