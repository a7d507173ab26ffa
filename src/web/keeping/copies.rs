//! A run as one file, out and in.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::runs::epoch_of;
use super::{complain, fresh_key};
use crate::labs::train::file_name;
use crate::labs::train::kept::{Job, Package, RunKey, record};
use crate::protocol::About;
use crate::web::browser;
use crate::web::state::Labs;
use crate::web::storage::runs;

/// The largest file that is taken for a run.
const MAX_PACKAGE: f64 = 512.0 * 1024.0 * 1024.0;

/// Offers a run as one file to save.
pub(in crate::web) fn export(labs: Labs, key: RunKey) {
    spawn_local(async move {
        let Some(record) = runs::record(&key).await else { return };
        let checkpoint = runs::checkpoint(&key).await;
        let size = checkpoint.as_ref().map_or(0.0, |file| file.size());
        let prelude = Package::prelude(record.size() as usize, size as usize);
        let parts = js_sys::Array::of2(&Uint8Array::from(&prelude[..]), &record);
        if let Some(checkpoint) = &checkpoint {
            parts.push(checkpoint);
        }
        let name = labs
            .kept
            .with_untracked(|kept| kept.find(&key).and_then(|run| run.head.as_ref()).map(|head| file_name(&head.name)));
        browser::download_parts(&format!("{}.piecewise-run", name.unwrap_or_else(|| "piecewise-run".into())), &parts);
    });
}

/// Takes a run in from a file.
pub(in crate::web) fn import(labs: Labs, file: File) {
    spawn_local(async move {
        let name = file.name();
        let package = if file.size() > MAX_PACKAGE {
            Err(format!("“{name}” is larger than any run. Choose a file that ends in .piecewise-run."))
        } else {
            match runs::all_bytes(&file).await {
                Some(bytes) => Package::decode(&bytes).map_err(|error| format!("“{name}”: {error}")),
                None => Err(format!("“{name}” could not be read. Choose it again.")),
            }
        };
        match package {
            Ok(Package { mut run, checkpoint }) => {
                // A copy: the run of before may be kept here, too.
                let key = fresh_key();
                run.key = Some(key.clone());
                if let Some(checkpoint) = checkpoint {
                    let checkpoint = Uint8Array::from(&checkpoint[..]);
                    let epoch = epoch_of(&checkpoint).unwrap_or_default();
                    runs::push(Job::Checkpoint(key.clone(), epoch, checkpoint));
                }
                runs::push(Job::Record(key, Uint8Array::from(&record::encode(&run)[..])));
                labs.train.update(|lab| {
                    lab.problem = None;
                    lab.show_kept(run);
                });
            }
            Err(message) => complain(labs, About::Command, message),
        }
    });
}
