//! The page's end of the worker: starts it when first needed, queues until it is up, and replaces one that died.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use js_sys::WebAssembly;
use leptos::prelude::{set_timeout, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ErrorEvent, File, MessageEvent, Response, Worker, WorkerOptions, WorkerType};

use super::uploads::{SLICE, Upload, breathe};
use super::{browser, keeping};
use crate::data::Decision;
use crate::labs::trainer::{ANSWER_MS, Cause, DOWNLOAD_MS, PATIENCE_MS, Program};
use crate::linalg::probe::relaxed_probe;
use crate::protocol::{self, About, Command, Event, FileInfo, RunId};
use crate::train::Config;
use crate::train::model::Reading;

type Listener = Box<dyn Fn(Event)>;
type Handler<E> = Closure<dyn FnMut(E)>;

/// How the data in the worker came about, so that a new worker can be given them again.
#[derive(Clone)]
enum Origin {
    Sample(u64),
    /// With what was decided of them.
    Files(Rc<[Upload]>, Decision),
}

#[derive(Default)]
struct Client {
    listener: Option<Listener>,
    connection: Option<Connection>,
    origin: Vec<Origin>,
    /// What the next model that comes is to be called.
    model_name: String,
    /// The file with a network that was opened last.
    model_file: Option<File>,
    /// A load under way, to be remembered if it succeeds.
    pending: Option<Origin>,
    /// What a worker that replaces a dead one is still to be given.
    to_restore: VecDeque<Origin>,
    /// Something of that is under way.
    is_restoring: bool,
    /// Counts loads, so that the rest of one that was given up is not sent.
    load: u32,
}

struct Connection {
    worker: Worker,
    program: Program,
    /// Tells it from earlier ones, for what comes back late.
    number: u32,
    is_up: bool,
    queue: Vec<JsValue>,
    _on_message: Handler<MessageEvent>,
    _on_error: Handler<web_sys::Event>,
}

thread_local! {
    static CLIENT: RefCell<Client> = RefCell::default();
    /// The last try to start a worker was in vain.
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
    /// Counts connections.
    static STARTS: Cell<u32> = const { Cell::new(0) };
}

/// Sets who hears the worker's events.
pub(super) fn listen(listener: impl Fn(Event) + 'static) {
    CLIENT.with_borrow_mut(|client| client.listener = Some(Box::new(listener)));
}

/// Starts the worker for a screen that will need it. One that did not start is not tried again unasked.
pub(super) fn prepare() {
    if !HAS_FAILED.get() {
        start();
    }
}

/// Starts the worker, if it is not running, with whatever data an earlier one had or was to be given.
pub(super) fn start() {
    if CLIENT.with_borrow(|client| client.connection.is_some()) {
        return;
    }
    HAS_FAILED.set(false);
    let knows_relaxed = WebAssembly::validate(&js_sys::Uint8Array::from(&relaxed_probe()[..])).unwrap_or(false);
    if start_with(Program::first(knows_relaxed)) {
        restore(CLIENT.with_borrow_mut(Client::next_to_restore));
    }
}

/// Starts a worker with this program, to be waited for. Returns whether that was possible.
fn start_with(program: Program) -> bool {
    match connect(program) {
        Ok(connection) => {
            let number = connection.number;
            CLIENT.with_borrow_mut(|client| client.connection = Some(connection));
            wait_for(number);
            true
        }
        Err(_) => {
            give_up(&Cause::NoWorkers);
            false
        }
    }
}

/// Looks after a while whether the worker is up. If it is not, its files may be on their way still: then it has as much
/// time again once they are here.
fn wait_for(number: u32) {
    after(PATIENCE_MS, move || {
        if !is_starting(number) {
            return;
        }
        spawn_local(async move {
            match look_for(number).await {
                None => after(PATIENCE_MS, move || did_not_start(number, &Cause::Silent)),
                Some(cause) => did_not_start(number, &cause),
            }
        });
    });
}

fn after(ms: u64, then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::from_millis(ms));
}

fn is_starting(number: u32) -> bool {
    CLIENT.with_borrow(|client| {
        client.connection.as_ref().is_some_and(|connection| connection.number == number && !connection.is_up)
    })
}

/// What is wrong with the files of a worker that does not start, if something is. Fetches them as the worker does.
async fn look_for(number: u32) -> Option<Cause> {
    let program = CLIENT.with_borrow(|client| {
        client.connection.as_ref().filter(|connection| connection.number == number).map(|connection| connection.program)
    })?;
    for file in program.files(&browser::trainers()) {
        let bytes = match fetch(&file).await {
            Ok(bytes) => bytes,
            Err(cause) => return Some(cause),
        };
        if file.ends_with(".wasm") && !WebAssembly::validate(&bytes).unwrap_or(false) {
            return Some(Cause::Damaged);
        }
    }
    None
}

/// A file beside the page.
async fn fetch(file: &str) -> Result<JsValue, Cause> {
    let in_time = |promise: js_sys::Promise, ms: u64| {
        let late = js_sys::Promise::new(&mut |resolve, _| {
            after(ms, move || drop(resolve.call1(&JsValue::NULL, &JsValue::NULL)));
        });
        async move {
            let both = js_sys::Array::of2(&promise, &late);
            let first = JsFuture::from(js_sys::Promise::race(&both)).await.map_err(|_| Cause::Offline)?;
            if first.is_null() { Err(Cause::Slow) } else { Ok(first) }
        }
    };
    let response: Response = in_time(window().fetch_with_str(file), ANSWER_MS).await?.unchecked_into();
    if !response.ok() {
        return Err(Cause::Status { file: file.to_owned(), code: response.status() });
    }
    in_time(response.array_buffer().map_err(|_| Cause::Offline)?, DOWNLOAD_MS).await
}

/// The worker that was to start has not: the other program is tried with what was asked for, or nothing more.
fn did_not_start(number: u32, cause: &Cause) {
    if !is_starting(number) {
        return;
    }
    let Some(connection) = disconnect() else { return };
    let Some(next) = connection.program.next(cause) else { return give_up(cause) };
    if start_with(next) {
        CLIENT.with_borrow_mut(|client| {
            if let Some(new) = &mut client.connection {
                new.queue = connection.queue;
            }
        });
    }
}

/// Says that there is no worker. Data that were to be loaded are kept in mind for the next try; all else was in vain.
fn give_up(cause: &Cause) {
    HAS_FAILED.set(true);
    CLIENT.with_borrow_mut(|client| {
        if let Some(pending) = client.pending.take() {
            client.add(pending);
        }
        client.is_restoring = false;
        client.to_restore = client.origin.iter().cloned().collect();
    });
    tell(Event::Unavailable { message: cause.sentence() });
}

/// Ends the worker, if there is one.
fn disconnect() -> Option<Connection> {
    let connection = CLIENT.with_borrow_mut(|client| client.connection.take())?;
    connection.worker.set_onmessage(None);
    connection.worker.set_onerror(None);
    connection.worker.terminate();
    Some(connection)
}

/// Sends a command.
pub(super) fn send(command: &Command) {
    match command {
        Command::LoadSample { seed } => will_load(Origin::Sample(*seed)),
        Command::CancelLoad => CLIENT.with_borrow_mut(|client| {
            client.pending = None;
            client.load += 1;
        }),
        Command::Take { decision } => CLIENT.with_borrow_mut(|client| {
            if let Some(Origin::Files(_, pending)) = &mut client.pending {
                pending.clone_from(decision);
            }
        }),
        _ => {}
    }
    post(command, &[]);
}

/// A load is about to be sent. Where no worker has started, it takes the place of one that was in vain.
fn will_load(origin: Origin) {
    CLIENT.with_borrow_mut(|client| {
        if client.connection.is_none() {
            client.origin.clear();
            client.to_restore.clear();
        }
        client.pending = Some(origin);
    });
}

/// Sends files to be loaded; where something was decided of them before, nothing is asked.
pub(super) fn load(files: Vec<Upload>, decision: Option<Decision>) {
    let files: Rc<[Upload]> = files.into();
    will_load(Origin::Files(files.clone(), decision.clone().unwrap_or_default()));
    send_files(files, decision);
}

/// The files whose data the worker has, if its data are files, and what was decided of them.
pub(super) fn files() -> (Vec<Upload>, Decision) {
    let mut all = (Vec::new(), Decision::default());
    CLIENT.with_borrow(|client| {
        for origin in &client.origin {
            if let Origin::Files(files, decision) = origin {
                all.0.extend(files.iter().cloned());
                all.1.extend(decision.clone());
            }
        }
    });
    all
}

/// Whether a worker that replaces a lost one is still being given what that had.
pub(super) fn is_restoring() -> bool {
    CLIENT.with_borrow(|client| client.is_restoring)
}

/// Sends the handles of files in slices, so that no frame waits for thousands of them.
fn send_files(files: Rc<[Upload]>, decision: Option<Decision>) {
    let info = |upload: &Upload| FileInfo { name: upload.path.clone(), size: upload.file.size() as u64 };
    let load = CLIENT.with_borrow_mut(|client| {
        client.load += 1;
        client.load
    });
    let first = &files[..files.len().min(SLICE)];
    let is_open = first.len() < files.len();
    post(&Command::Load { files: first.iter().map(info).collect(), is_open, decision }, first);
    if is_open {
        wasm_bindgen_futures::spawn_local(async move {
            let mut sent = SLICE;
            while sent < files.len() {
                breathe().await;
                if CLIENT.with_borrow(|client| client.load) != load {
                    return;
                }
                let slice = &files[sent..files.len().min(sent + SLICE)];
                sent += slice.len();
                let is_open = sent < files.len();
                post(&Command::MoreFiles { files: slice.iter().map(info).collect(), is_open }, slice);
            }
        });
    }
}

fn post(command: &Command, files: &[Upload]) {
    post_beside(command, files.iter().map(|upload| &upload.file));
}

fn post_beside<'a>(command: &Command, files: impl Iterator<Item = &'a File>) {
    start();
    let message = js_sys::Array::of1(&js_sys::Uint8Array::from(&protocol::encode(command)[..]));
    for file in files {
        message.push(file);
    }
    CLIENT.with_borrow_mut(|client| {
        let Some(connection) = &mut client.connection else { return };
        if connection.is_up {
            drop(connection.worker.post_message(&message));
        } else {
            connection.queue.push(message.into());
        }
    });
}

fn connect(program: Program) -> Result<Connection, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&program.script(&browser::trainers()), &options)?;
    let number = STARTS.get() + 1;
    STARTS.set(number);
    let on_message = Closure::new(|message: MessageEvent| {
        let parts: js_sys::Array = message.data().unchecked_into();
        let Some(events) = protocol::decode::<Vec<Event>>(&bytes_of(&parts.get(0))) else {
            return died("it said something that this page does not understand. Reload the page.");
        };
        let mut beside = parts.iter().skip(1).map(|bytes| bytes.unchecked_into::<js_sys::Uint8Array>());
        for event in events {
            match event {
                Event::Model { .. } => beside.next().iter().for_each(saved),
                Event::Checkpoint { run, .. } => {
                    beside.next().into_iter().for_each(|bytes| keeping::keep_checkpoint(run, bytes));
                }
                event => receive(event),
            }
        }
    });
    // A script that cannot be loaded fires a plain event, which has no message.
    let on_error = Closure::new(move |event: web_sys::Event| {
        event.prevent_default();
        if is_starting(number) {
            spawn_local(async move {
                let cause = look_for(number).await.unwrap_or(Cause::Silent);
                did_not_start(number, &cause);
            });
            return;
        }
        let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
        died(if message.is_empty() { "it was ended by the browser." } else { &message });
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Ok(Connection {
        worker,
        program,
        number,
        is_up: false,
        queue: Vec::new(),
        _on_message: on_message,
        _on_error: on_error,
    })
}

fn bytes_of(message: &JsValue) -> Vec<u8> {
    js_sys::Uint8Array::new(message).to_vec()
}

/// Asks for a run's network as a file with layers of these names, to be offered under this name.
pub(super) fn save_model(run: RunId, names: String, name: String) {
    CLIENT.with_borrow_mut(|client| client.model_name = name);
    send(&Command::Model { run, names });
}

/// Sends the network in the file that was chosen, to be the start of a run.
pub(super) fn open_model(run: RunId, config: Config, reading: Reading) {
    if let Some(file) = CLIENT.with_borrow(|client| client.model_file.clone()) {
        post_beside(&Command::OpenModel { run, bytes: Vec::new(), config, reading }, std::iter::once(&file));
    }
}

/// Keeps a file with a network, to be opened, and again when it is to be read in another way.
pub(super) fn choose_model(file: File) {
    CLIENT.with_borrow_mut(|client| client.model_file = Some(file));
}

/// The name of the file that was chosen last.
pub(super) fn chosen_model() -> Option<String> {
    CLIENT.with_borrow(|client| client.model_file.as_ref().map(File::name))
}

fn saved(model: &js_sys::Uint8Array) {
    let name = CLIENT.with_borrow(|client| client.model_name.clone());
    browser::download_bytes(&name, model);
}

fn receive(event: Event) {
    match &event {
        Event::Ready { .. } => CLIENT.with_borrow_mut(|client| {
            if let Some(connection) = &mut client.connection {
                connection.is_up = true;
                for message in connection.queue.drain(..) {
                    drop(connection.worker.post_message(&message));
                }
            }
        }),
        Event::Data(data) => {
            let next = CLIENT.with_borrow_mut(|client| {
                if client.is_restoring {
                    return client.next_to_restore();
                }
                if data.train == 0 {
                    client.origin.clear();
                }
                if let Some(origin) = client.pending.take() {
                    client.add(origin);
                }
                None
            });
            restore(next);
        }
        // What was refused is not among the data; a refusal comes before the data that stayed.
        Event::Refused { about: About::Data, .. } => CLIENT.with_borrow_mut(|client| {
            client.pending = None;
            if client.is_restoring {
                // Those before it were given already, those after it wait.
                let refused = client.origin.len().checked_sub(client.to_restore.len() + 1);
                refused.map(|at| client.origin.remove(at));
            }
        }),
        Event::Crashed { message } => return died(message),
        _ => {}
    }
    tell(event);
}

fn tell(event: Event) {
    // The listener may send commands, so the client must not be borrowed while it runs.
    let listener = CLIENT.with_borrow_mut(|client| client.listener.take());
    if let Some(listener) = listener {
        listener(event);
        CLIENT.with_borrow_mut(|client| client.listener = Some(listener));
    }
}

impl Client {
    /// These data came, or are to come, after or in place of those before.
    fn add(&mut self, origin: Origin) {
        let replaces = |origin: &Origin| matches!(origin, Origin::Sample(_));
        if replaces(&origin) || self.origin.iter().any(replaces) {
            self.origin.clear();
        }
        self.origin.push(origin);
    }

    fn next_to_restore(&mut self) -> Option<Origin> {
        let next = self.to_restore.pop_front();
        self.is_restoring = next.is_some();
        next
    }
}

/// Gives the worker what a dead one had; the rest follows when that is done.
fn restore(origin: Option<Origin>) {
    match origin {
        None => {}
        Some(Origin::Sample(seed)) => post(&Command::LoadSample { seed }, &[]),
        Some(Origin::Files(files, decision)) => send_files(files, Some(decision)),
    }
}

/// The worker is lost: says so, starts another, and gives it the same data, one load after the other. One that
/// never came up is not replaced, and one that died of the same data again is not given them again, or this would go on
/// for ever.
fn died(message: &str) {
    let Some(connection) = disconnect() else { return };
    CLIENT.with_borrow_mut(|client| {
        client.pending = None;
        if std::mem::take(&mut client.is_restoring) {
            client.origin.clear();
        }
        client.to_restore = client.origin.iter().cloned().collect();
    });
    tell(Event::Crashed { message: message.to_owned() });
    if connection.is_up {
        start();
    }
}
