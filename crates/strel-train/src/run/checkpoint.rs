//! What training needs to go on after a stop.
//!
//! A checkpoint is a folder `step-N` with the parameters, the state of the optimizer and a few
//! numbers. It is written under another name and renamed when it is complete, then older ones are
//! removed: whenever the program stops, the newest `step-N` is whole.

use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::store::ModuleRecord;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::adam::Adam;
use crate::{Config, TrainError, Trainer};

const MODEL: &str = "model.bin";
const OPTIMIZER: &str = "optimizer.bin";
const STATE: &str = "state.json";

/// What the records of Burn do not hold.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    step: u64,
    /// Which neurons have settled, bank by bank.
    settled: Vec<Vec<bool>>,
    /// The SHA-256 sums of both records: Burn trusts what it reads.
    sums: [String; 2],
}

/// Writes a checkpoint into a folder of checkpoints, and removes the ones before it.
///
/// # Errors
/// A file cannot be written; older checkpoints are still there then.
pub fn save(trainer: &Trainer, folder: &Path) -> Result<(), TrainError> {
    let step = trainer.step;
    let (new, path) = (folder.join(format!("new-{step}")), folder.join(format!("step-{step}")));
    if path.is_dir() {
        return Ok(());
    }
    write(trainer, &new).map_err(|problem| failed(&new, problem))?;
    fs::rename(&new, &path).map_err(|source| TrainError::Write { path: path.clone(), source })?;
    for (other, _) in list(folder).into_iter().filter(|(_, other)| *other != step) {
        // An old checkpoint that cannot be removed does no harm: the newest one counts.
        let _ = fs::remove_dir_all(other);
    }
    Ok(())
}

/// Makes the folder of checkpoints, where it is not there yet.
pub fn make_folder(folder: &Path) -> Result<(), TrainError> {
    fs::create_dir_all(folder)
        .map_err(|source| TrainError::Write { path: folder.to_owned(), source })
}

fn write(trainer: &Trainer, folder: &Path) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    if folder.is_dir() {
        fs::remove_dir_all(folder).map_err(|error| text(&error))?;
    }
    fs::create_dir_all(folder).map_err(|error| text(&error))?;
    let record = trainer.model.clone().into_record();
    record.save(folder.join(MODEL)).map_err(|error| text(&error))?;
    trainer.optimizer.save(folder.join(OPTIMIZER)).map_err(|error| text(&error))?;
    let sums = sums(folder)?;
    let state = State { step: trainer.step, settled: trainer.model.settled_flags(), sums };
    let state = serde_json::to_vec(&state).map_err(|error| text(&error))?;
    fs::write(folder.join(STATE), state).map_err(|error| text(&error))
}

/// The trainer of the newest checkpoint in a folder; none where there is no checkpoint.
///
/// # Errors
/// The data cannot be read, or the checkpoint does not fit the configuration.
pub fn load(config: Config, folder: &Path) -> Result<Option<Trainer>, TrainError> {
    let Some((path, _)) = list(folder).into_iter().max_by_key(|(_, step)| *step) else {
        return Ok(None);
    };
    let mut trainer = Trainer::new(config)?;
    read(&mut trainer, &path).map_err(|problem| failed(&path, problem))?;
    Ok(Some(trainer))
}

fn read(trainer: &mut Trainer, folder: &Path) -> Result<(), String> {
    let state = fs::read(folder.join(STATE)).map_err(|error| format!("{STATE}: {error}"))?;
    let state: State =
        serde_json::from_slice(&state).map_err(|error| format!("{STATE}: {error}"))?;
    if state.sums != sums(folder)? {
        return Err(format!(
            "{MODEL} or {OPTIMIZER} is damaged, expected those that {STATE} names"
        ));
    }
    let record =
        ModuleRecord::load(folder.join(MODEL)).map_err(|error| format!("{MODEL}: {error}"))?;
    let model = trainer.model.clone();
    trainer.model = model.try_load_record(record).map_err(|error| format!("{MODEL}: {error}"))?;
    if !trainer.model.set_settled_flags(state.settled) {
        return Err(format!("{STATE}: the settled neurons are those of another network"));
    }
    trainer.optimizer = Adam::of_modules()
        .load(folder.join(OPTIMIZER))
        .map_err(|error| format!("{OPTIMIZER}: {error}"))?;
    trainer.step = state.step;
    Ok(())
}

/// The sums of both records.
fn sums(folder: &Path) -> Result<[String; 2], String> {
    let sum = |name: &str| {
        let bytes = fs::read(folder.join(name)).map_err(|error| format!("{name}: {error}"))?;
        Ok::<_, String>(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    };
    Ok([sum(MODEL)?, sum(OPTIMIZER)?])
}

/// The checkpoints of a folder and their steps.
fn list(folder: &Path) -> Vec<(PathBuf, u64)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let step = |path: &Path| path.file_name()?.to_str()?.strip_prefix("step-")?.parse().ok();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter_map(|path| Some((path.clone(), step(&path)?)))
        .collect()
}

fn failed(path: &Path, problem: String) -> TrainError {
    TrainError::Checkpoint { path: path.to_owned(), problem }
}
