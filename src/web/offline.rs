//! The app without a network, and on a host that sends no headers: its service worker, and a new version of it.

use std::cell::RefCell;

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use super::state::{Labs, use_labs};

const SCRIPT: &str = "./service-worker.js";
/// As the service worker knows it.
const TAKE_OVER: &str = "take over";
/// In the tab's own storage once the page has reloaded itself, so that it never does so again.
const RELOADED: &str = "piecewise.reloaded";

thread_local! {
    /// The version that waits until it is wanted.
    static WAITING: RefCell<Option<ServiceWorker>> = const { RefCell::new(None) };
}

/// Whether a newer version waits.
#[derive(Clone, Copy)]
struct IsWaiting(RwSignal<bool>);

/// Keeps the app in the browser. Where it cannot be, all else works.
pub(super) fn begin(labs: Labs) {
    let is_waiting = RwSignal::new(false);
    provide_context(IsWaiting(is_waiting));
    let Some(container) = container().filter(|_| !is_being_developed()) else { return };
    let is_untouched = untouched();
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(container.register(SCRIPT)).await else { return };
        let registration: ServiceWorkerRegistration = registration.unchecked_into();
        if let Some(worker) = registration.waiting() {
            offer(worker, is_waiting);
        }
        follow_updates(&registration, &container, is_waiting);
        // What the first visit brought is there from now on; its headers come with the next page.
        if JsFuture::from(container.ready().unwrap_or_else(|_| js_sys::Promise::new(&mut |_, _| ()))).await.is_ok() {
            let is_idle = labs.train.with_untracked(|train| !train.status.has_run());
            if !is_isolated() && is_idle && is_untouched.get_untracked() && note_reload() {
                drop(window().location().reload());
            }
        }
    });
}

/// `None` where the browser has no service workers, or the address is not safe.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let has = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    has.then(|| navigator.service_worker()).filter(|container| container.is_object())
}

/// Whether `trunk serve` shows the page, which brings each change of the sources by itself.
fn is_being_developed() -> bool {
    let scripts = document().scripts();
    let texts = (0..scripts.length()).filter_map(|index| scripts.item(index)?.text_content());
    texts.into_iter().any(|text| text.contains(".well-known/trunk/ws"))
}

/// Whether workers of this page may share memory.
fn is_isolated() -> bool {
    Reflect::get(&window(), &"crossOriginIsolated".into()).is_ok_and(|value| value.is_truthy())
}

/// Whether nothing has been typed, pressed or touched yet, so that nothing is lost when the page begins anew.
fn untouched() -> RwSignal<bool> {
    let is_untouched = RwSignal::new(true);
    let touch = move |_| is_untouched.set(false);
    let keys = window_event_listener(leptos::ev::keydown, move |_| touch(()));
    let pointer = window_event_listener(leptos::ev::pointerdown, move |_| touch(()));
    let files = window_event_listener(leptos::ev::drop, move |_| touch(()));
    on_cleanup(move || {
        keys.remove();
        pointer.remove();
        files.remove();
    });
    is_untouched
}

/// Notes that the page reloads itself. Whether it may: once in a tab, and only where that can be noted.
fn note_reload() -> bool {
    let Ok(Some(storage)) = window().session_storage() else { return false };
    matches!(storage.get_item(RELOADED), Ok(None)) && storage.set_item(RELOADED, "yes").is_ok()
}

fn offer(worker: ServiceWorker, is_waiting: RwSignal<bool>) {
    WAITING.set(Some(worker));
    is_waiting.set(true);
}

/// Offers a version that comes while the page is open. The first that ever comes is the page's own.
fn follow_updates(
    registration: &ServiceWorkerRegistration,
    container: &ServiceWorkerContainer,
    is_waiting: RwSignal<bool>,
) {
    let (found, in_charge) = (registration.clone(), container.clone());
    let on_found = Closure::<dyn Fn()>::new(move || {
        let Some(worker) = found.installing() else { return };
        let (new, in_charge) = (worker.clone(), in_charge.clone());
        let on_change = Closure::<dyn Fn()>::new(move || {
            if new.state() == ServiceWorkerState::Installed && in_charge.controller().is_some() {
                offer(new.clone(), is_waiting);
            }
        });
        worker.set_onstatechange(Some(on_change.as_ref().unchecked_ref()));
        // As long as the page lives, as below.
        on_change.forget();
    });
    registration.set_onupdatefound(Some(on_found.as_ref().unchecked_ref()));
    on_found.forget();
}

/// Begins anew with the version that waits.
fn take_over() {
    let (Some(worker), Some(container)) = (WAITING.take(), container()) else { return };
    let on_change = Closure::<dyn Fn()>::new(|| drop(window().location().reload()));
    container.set_oncontrollerchange(Some(on_change.as_ref().unchecked_ref()));
    on_change.forget();
    // One that is gone has been replaced by a newer one, which is found when the page is opened again.
    drop(worker.post_message(&TAKE_OVER.into()));
}

/// Says that a newer version is there; never while a run would be interrupted.
#[component]
pub(super) fn NewVersion() -> impl IntoView {
    let labs = use_labs();
    let is_waiting = use_context::<IsWaiting>().map(|context| context.0).unwrap_or_default();
    let is_offered = Memo::new(move |_| is_waiting.get() && labs.train.with(|train| !train.status.has_run()));
    view! {
        <div class="new-version" role="status" class:gone=move || !is_offered.get()>
            <span>"A new version of Piecewise is ready."</span>
            <button type="button" data-testid="new-version" on:click=move |_| take_over()>"Use it now"</button>
            <button type="button" class="quiet" data-testid="new-version-later" on:click=move |_| is_waiting.set(false)>"Later"</button>
        </div>
    }
}
