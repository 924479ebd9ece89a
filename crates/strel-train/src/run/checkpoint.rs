//! What training needs to go on after a stop.
//!
//! A checkpoint is a file `step-N.safetensors` with every parameter and both means that Adam keeps of its gradient, 32-bit
//! floats; the step, and which neurons have settled, are in its metadata. It takes its name when it is complete, then
//! older ones are removed: whenever the program stops, the newest is whole. What is read is checked: names, types, sizes,
//! and the sum of all bytes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};
use strel_image::files::write_atomically;

use crate::layers::Parameter;
use crate::{Config, TrainError, Trainer};

const STEP: &str = "step";
const SETTLED: &str = "settled";
const SUM: &str = "sha256";

/// Writes a checkpoint into a folder of checkpoints, and removes the ones before it.
///
/// # Errors
/// A file cannot be written; older checkpoints are still there then.
pub fn save(trainer: &mut Trainer, folder: &Path) -> Result<(), TrainError> {
    let step = trainer.step_count();
    let path = folder.join(format!("step-{step}.safetensors"));
    if path.is_file() {
        return Ok(());
    }
    make_folder(folder)?;
    let bytes = bytes(trainer);
    write_atomically(&path, &bytes)
        .map_err(|source| TrainError::Write { path: path.clone(), source })?;
    for (other, _) in list(folder).into_iter().filter(|(_, other)| *other != step) {
        // An old checkpoint that cannot be removed does no harm: the newest one counts.
        let _ = fs::remove_file(other);
    }
    Ok(())
}

/// Makes the folder of checkpoints, where it is not there yet.
pub fn make_folder(folder: &Path) -> Result<(), TrainError> {
    fs::create_dir_all(folder)
        .map_err(|source| TrainError::Write { path: folder.to_owned(), source })
}

fn bytes(trainer: &mut Trainer) -> Vec<u8> {
    let settled = serde_json::to_string(&trainer.model.settled_flags()).expect("plain values");
    let step = trainer.step_count().to_string();
    let tensors: Vec<(String, Vec<u8>)> = trainer
        .model
        .parameters_mut()
        .flat_map(|(name, parameter)| parts(&name, parameter))
        .map(|(name, values)| (name, values.iter().flat_map(|v| v.to_le_bytes()).collect()))
        .collect();
    let sum = sum(tensors.iter().map(|(_, bytes)| &bytes[..]));
    let metadata = [(STEP, step), (SETTLED, settled), (SUM, sum)];
    let metadata = HashMap::from(metadata.map(|(key, value)| (key.to_owned(), value)));
    let views = tensors.iter().map(|(name, bytes)| {
        let view = TensorView::new(Dtype::F32, vec![bytes.len() / size_of::<f32>()], bytes);
        (name, view.expect("whole numbers of 32 bits"))
    });
    safetensors::serialize(views, Some(metadata)).expect("names are unique")
}

/// The parts of a parameter, with their names.
fn parts<'a>(name: &str, parameter: &'a mut Parameter) -> [(String, &'a mut Vec<f32>); 3] {
    let Parameter { values, mean, square } = parameter;
    [(name.into(), values), (format!("{name}.mean"), mean), (format!("{name}.square"), square)]
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
    let bytes =
        fs::read(&path).map_err(|source| TrainError::Read { path: path.clone(), source })?;
    read(&mut trainer, &bytes).map_err(|problem| TrainError::Checkpoint { path, problem })?;
    Ok(Some(trainer))
}

fn read(trainer: &mut Trainer, bytes: &[u8]) -> Result<(), String> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    let text = |key: &str| {
        let found = header.metadata().as_ref().and_then(|metadata| metadata.get(key));
        found.ok_or_else(|| format!("its metadata has no `{key}`"))
    };
    let step = text(STEP)?.parse().map_err(|_| format!("`{STEP}` is no number of steps"))?;
    let settled = serde_json::from_str(text(SETTLED)?)
        .map_err(|error| format!("`{SETTLED}` in its metadata: {error}"))?;
    let mut model = trainer.model.clone();
    let mut read = Vec::new();
    for (name, parameter) in model.parameters_mut() {
        for (name, values) in parts(&name, parameter) {
            let bytes = bytes_of(&tensors, &name, values.len())?;
            let (numbers, _) = bytes.as_chunks();
            *values = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            read.push(bytes);
        }
    }
    if read.len() != tensors.len() {
        return Err(format!("it has {} tensors, expected {}", tensors.len(), read.len()));
    }
    if *text(SUM)? != sum(read) {
        return Err(format!("its numbers are damaged: `{SUM}` in its metadata is that of others"));
    }
    if !model.set_settled_flags(settled) {
        return Err("the settled neurons are those of another network".into());
    }
    model.refresh();
    (trainer.model, trainer.step) = (model, step);
    Ok(())
}

/// The bytes of a tensor of so many 32-bit floats.
fn bytes_of<'a>(tensors: &SafeTensors<'a>, name: &str, count: usize) -> Result<&'a [u8], String> {
    let tensor = tensors.tensor(name).map_err(|error| error.to_string())?;
    let (shape, dtype) = (tensor.shape(), tensor.dtype());
    if dtype != Dtype::F32 || shape != [count] {
        return Err(format!("`{name}` is {dtype:?} {shape:?}, expected F32 [{count}]"));
    }
    Ok(tensor.data())
}

/// The SHA-256 sum of some bytes, one after the other.
fn sum<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut sum = Sha256::new();
    parts.into_iter().for_each(|bytes| sum.update(bytes));
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The checkpoints of a folder and their steps.
fn list(folder: &Path) -> Vec<(PathBuf, u64)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let step = |path: &Path| {
        let name = path.file_name()?.to_str()?.strip_suffix(".safetensors")?;
        name.strip_prefix("step-")?.parse().ok()
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter_map(|path| Some((path.clone(), step(&path)?)))
        .collect()
}
