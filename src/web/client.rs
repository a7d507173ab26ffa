//! The page's end of the worker: starts it when first needed, queues until it is up, and replaces one that died.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::WebAssembly;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::{browser, storage};
use crate::protocol::{self, About, Command, Event, FileInfo, RunId};
use crate::train::Config;
use crate::train::model::Reading;

/// Written by trunk, beside the page: the worker for every browser, and the one for browsers with relaxed SIMD.
const WORKER: &str = "./trainer_loader.js";
const WORKER_RELAXED: &str = "./trainer_relaxed_loader.js";
/// A module with one function, of one `f32x4.relaxed_madd`: it is valid just where the instruction is known.
const RELAXED_MODULE: &[u8] = &[
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version 1
    0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b, // one type: three vectors to one
    0x03, 0x02, 0x01, 0x00, // one function, of that type
    0x0a, 0x0d, 0x01, 0x0b, 0x00, // its code, without locals
    0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b, // the parameters, relaxed_madd, end
];

type Listener = Box<dyn Fn(Event)>;
type Handler<E> = Closure<dyn FnMut(E)>;

/// How the data in the worker came about, so that a new worker can be given them again.
#[derive(Clone)]
enum Origin {
    Sample(u64),
    Files(Vec<File>),
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
}

struct Connection {
    worker: Worker,
    is_up: bool,
    queue: Vec<JsValue>,
    _on_message: Handler<MessageEvent>,
    _on_error: Handler<ErrorEvent>,
}

thread_local!(static CLIENT: RefCell<Client> = RefCell::default());

/// Sets who hears the worker's events.
pub(super) fn listen(listener: impl Fn(Event) + 'static) {
    CLIENT.with_borrow_mut(|client| client.listener = Some(Box::new(listener)));
}

/// Starts the worker, if it is not running.
pub(super) fn start() {
    if CLIENT.with_borrow(|client| client.connection.is_some()) {
        return;
    }
    match connect() {
        Ok(connection) => CLIENT.with_borrow_mut(|client| client.connection = Some(connection)),
        Err(_) => {
            tell(Event::Crashed { message: "This browser does not start module workers; use a current one.".into() })
        }
    }
}

/// Sends a command.
pub(super) fn send(command: &Command) {
    CLIENT.with_borrow_mut(|client| match command {
        Command::LoadSample { seed } => client.pending = Some(Origin::Sample(*seed)),
        Command::CancelLoad => client.pending = None,
        _ => {}
    });
    post(command, &[]);
}

/// Sends files to be loaded.
pub(super) fn load(files: Vec<File>) {
    let command = load_command(&files);
    CLIENT.with_borrow_mut(|client| client.pending = Some(Origin::Files(files.clone())));
    post(&command, &files);
}

/// The files whose data the worker has, if its data are files.
pub(super) fn files() -> Vec<File> {
    CLIENT.with_borrow(|client| {
        let files = |origin: &Origin| match origin {
            Origin::Files(files) => files.clone(),
            Origin::Sample(_) => Vec::new(),
        };
        client.origin.iter().flat_map(files).collect()
    })
}

fn load_command(files: &[File]) -> Command {
    let info = |file: &File| FileInfo { name: file.name(), size: file.size() as u64 };
    Command::Load { files: files.iter().map(info).collect() }
}

fn post(command: &Command, files: &[File]) {
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

fn connect() -> Result<Connection, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let is_relaxed = WebAssembly::validate(&js_sys::Uint8Array::from(RELAXED_MODULE)).unwrap_or(false);
    let worker = Worker::new_with_options(if is_relaxed { WORKER_RELAXED } else { WORKER }, &options)?;
    let on_message = Closure::new(|message: MessageEvent| {
        let parts: js_sys::Array = message.data().unchecked_into();
        let beside = || parts.get(1).unchecked_into::<js_sys::Uint8Array>();
        match protocol::decode(&bytes_of(&parts.get(0))) {
            Some(Event::Model { .. }) => saved(&beside()),
            Some(Event::Checkpoint { .. }) => storage::keep_checkpoint(beside()),
            Some(event) => receive(event),
            None => died("it said something that this page does not understand. Reload the page."),
        }
    });
    let on_error = Closure::new(|error: ErrorEvent| {
        error.prevent_default();
        let message = error.message();
        died(if message.is_empty() { "it could not be started or was ended by the browser." } else { &message });
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Ok(Connection { worker, is_up: false, queue: Vec::new(), _on_message: on_message, _on_error: on_error })
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
        post(&Command::OpenModel { run, bytes: Vec::new(), config, reading }, &[file]);
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
                    let replaces = |origin: &Origin| matches!(origin, Origin::Sample(_));
                    if replaces(&origin) || client.origin.iter().any(replaces) {
                        client.origin.clear();
                    }
                    client.origin.push(origin);
                }
                None
            });
            restore(next);
        }
        // What was refused is not among the data; a refusal comes before the data that stayed.
        Event::Refused { about: About::Data, .. } => CLIENT.with_borrow_mut(|client| client.pending = None),
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
        Some(Origin::Files(files)) => post(&load_command(&files), &files),
    }
}

/// The worker is lost: says so, starts another, and gives it the same data, one load after the other. One that never
/// came up, or that died of the same data again, is not replaced, or this would go on for ever.
fn died(message: &str) {
    let was_up = CLIENT.with_borrow_mut(|client| {
        let Some(connection) = client.connection.take() else { return false };
        connection.worker.set_onmessage(None);
        connection.worker.set_onerror(None);
        connection.worker.terminate();
        client.pending = None;
        if std::mem::take(&mut client.is_restoring) {
            client.origin.clear();
        }
        client.to_restore = client.origin.iter().cloned().collect();
        connection.is_up
    });
    tell(Event::Crashed { message: message.to_owned() });
    if was_up {
        start();
        restore(CLIENT.with_borrow_mut(Client::next_to_restore));
    }
}
