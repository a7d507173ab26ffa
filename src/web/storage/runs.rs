//! Runs as files: of each its record and its checkpoint, in a folder of its own.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Uint8Array;
use web_sys::File;

use super::folder::{self, Content};
use crate::labs::train::RunHistory;
use crate::labs::train::kept::record::{self, PRELUDE, decode_head, head_len};
use crate::labs::train::kept::{Job, Jobs, KeptCheckpoint, KeptHead, KeptRun, RunKey, Trouble};
use crate::train::CheckpointHead;

const RUNS: &str = "runs";
const RECORD: &str = "record";
const CHECKPOINT: &str = "checkpoint";
/// Between a checkpoint and the next piece of work.
const REST_MS: u64 = 60;

/// Work on runs' files.
pub(in crate::web) type RunJob = Job<Uint8Array>;
type Listener = Rc<dyn Fn(&RunJob, Result<(), Trouble>)>;

thread_local! {
    static JOBS: RefCell<Jobs<Uint8Array>> = RefCell::default();
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Sets who hears how each job went.
pub(in crate::web) fn listen(listener: impl Fn(&RunJob, Result<(), Trouble>) + 'static) {
    LISTENER.set(Some(Rc::new(listener)));
}

/// Does one job after the other.
pub(in crate::web) fn push(job: RunJob) {
    if !JOBS.with_borrow_mut(|jobs| jobs.push(job)) {
        return;
    }
    wasm_bindgen_futures::spawn_local(async {
        while let Some(job) = JOBS.with_borrow_mut(Jobs::take) {
            let result = work(&job).await;
            let listener = LISTENER.with_borrow(Clone::clone);
            if let Some(listener) = listener {
                listener(&job, result);
            }
            // Where epochs are short, the newest checkpoint of several is enough.
            if matches!(job, Job::Checkpoint(..)) {
                folder::rest(REST_MS).await;
            }
        }
    });
}

async fn work(job: &RunJob) -> Result<(), Trouble> {
    let path = [RUNS, job.key().as_str()];
    match job {
        Job::Record(_, bytes) => folder::write(&path, RECORD, Content::Bytes(bytes.clone())).await,
        Job::Checkpoint(_, _, bytes) => folder::write(&path, CHECKPOINT, Content::Bytes(bytes.clone())).await,
        Job::RemoveCheckpoint(_) => {
            folder::remove(&path, CHECKPOINT).await;
            Ok(())
        }
        Job::Remove(key) => {
            folder::remove(&[RUNS], key.as_str()).await;
            Ok(())
        }
    }
}

/// All kept runs, without their curves.
pub(in crate::web) async fn list() -> Vec<KeptRun> {
    let mut runs = Vec::new();
    for name in folder::list(&[RUNS]).await {
        if let Some(run) = about(&name).await {
            runs.push(run);
        }
    }
    runs
}

/// The names of folders in which there is no record, or not yet.
pub(in crate::web) async fn unfinished() -> Vec<RunKey> {
    let mut keys = Vec::new();
    for name in folder::list(&[RUNS]).await {
        if let Some(key) = RunKey::parse(&name)
            && record(&key).await.is_none()
        {
            keys.push(key);
        }
    }
    keys
}

/// What is kept of a run, without its curves; `None` if it is none, or is not written yet.
async fn about(name: &str) -> Option<KeptRun> {
    let key = RunKey::parse(name)?;
    let file = folder::file(&[RUNS, name], RECORD).await.ok()?;
    Some(KeptRun {
        record_bytes: file.size() as u64,
        head: head(&file).await,
        checkpoint: checkpoint_head(&key).await,
        key,
    })
}

/// What is kept of one run.
pub(in crate::web) async fn find(key: &RunKey) -> Option<KeptRun> {
    about(key.as_str()).await
}

async fn head(file: &File) -> Option<KeptHead> {
    let length = head_len(&folder::bytes(file, 0.0, PRELUDE as f64).await?).ok()?;
    decode_head(&folder::bytes(file, PRELUDE as f64, (PRELUDE + length) as f64).await?)
}

async fn checkpoint_head(key: &RunKey) -> Option<KeptCheckpoint> {
    let file = checkpoint(key).await?;
    let length = CheckpointHead::len(&folder::bytes(&file, 0.0, CheckpointHead::PRELUDE as f64).await?).ok()?;
    let head = CheckpointHead::read(&folder::bytes(&file, 0.0, length as f64).await?).ok()?;
    Some(KeptCheckpoint { bytes: file.size() as u64, head })
}

/// A run's record, as a file.
pub(in crate::web) async fn record(key: &RunKey) -> Option<File> {
    folder::file(&[RUNS, key.as_str()], RECORD).await.ok()
}

/// A run's checkpoint, as a file.
pub(in crate::web) async fn checkpoint(key: &RunKey) -> Option<File> {
    folder::file(&[RUNS, key.as_str()], CHECKPOINT).await.ok().filter(|file| file.size() > 0.0)
}

/// All that is known of a run; `None` if its record is gone or cannot be read.
pub(in crate::web) async fn read(key: &RunKey) -> Option<RunHistory> {
    let mut run = record::decode(&all_bytes(&record(key).await?).await?).ok()?;
    run.key = Some(key.clone());
    Some(run)
}

/// All bytes of a file.
pub(in crate::web) async fn all_bytes(file: &File) -> Option<Vec<u8>> {
    folder::bytes(file, 0.0, file.size()).await
}
