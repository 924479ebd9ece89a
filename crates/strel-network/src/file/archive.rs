//! A safetensors file as metadata and tensors that are asked for one by one.

use std::collections::{BTreeMap, BTreeSet};

use safetensors::tensor::TensorInfo;
use safetensors::{Dtype, SafeTensors};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::FileProblem;

const VERSION: &str = "1";

/// A safetensors file to be written.
pub(super) struct Archive {
    header: Header,
    data: Vec<u8>,
}

/// The header, in an order that does not change from run to run.
#[derive(Serialize)]
struct Header {
    #[serde(rename = "__metadata__")]
    metadata: BTreeMap<&'static str, String>,
    #[serde(flatten)]
    tensors: Tensors,
}

/// Names and places of tensors, in the order of the data.
struct Tensors(Vec<(String, TensorInfo)>);

impl Serialize for Tensors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, info)| (name, info)))
    }
}

impl Archive {
    pub(super) fn new(format: &'static str) -> Self {
        let metadata =
            BTreeMap::from([("format", format.to_owned()), ("version", VERSION.to_owned())]);
        Self { header: Header { metadata, tensors: Tensors(Vec::new()) }, data: Vec::new() }
    }

    pub(super) fn metadata(&mut self, key: &'static str, value: impl ToString) {
        self.header.metadata.insert(key, value.to_string());
    }

    /// Metadata in JSON.
    pub(super) fn json(&mut self, key: &'static str, value: &impl Serialize) {
        self.metadata(key, to_json(value));
    }

    pub(super) fn floats(&mut self, name: String, shape: &[usize], values: &[f32]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.tensor(name, Dtype::F32, shape, bytes);
    }

    pub(super) fn integers(&mut self, name: String, shape: &[usize], values: &[i64]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.tensor(name, Dtype::I64, shape, bytes);
    }

    pub(super) fn set(
        &mut self,
        name: String,
        shape: &[usize],
        members: impl Iterator<Item = bool>,
    ) {
        self.tensor(name, Dtype::BOOL, shape, members.map(u8::from));
    }

    fn tensor(
        &mut self,
        name: String,
        dtype: Dtype,
        shape: &[usize],
        bytes: impl Iterator<Item = u8>,
    ) {
        let start = self.data.len();
        self.data.extend(bytes);
        let data_offsets = (start, self.data.len());
        let info = TensorInfo { dtype, shape: shape.to_vec(), data_offsets };
        self.header.tensors.0.push((name, info));
    }

    /// The bytes of the file: the header's length, the header, the data.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let mut header = to_json(&self.header);
        // The data begin at a multiple of 8.
        let padding = header.len().next_multiple_of(8) - header.len();
        header.extend(std::iter::repeat_n(' ', padding));
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.into_bytes());
        bytes.extend(self.data);
        bytes
    }
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("maps with text keys, numbers and text are JSON")
}

/// A safetensors file that is being read.
pub(super) struct ArchiveReader<'a> {
    tensors: SafeTensors<'a>,
    metadata: BTreeMap<String, String>,
    read: BTreeSet<String>,
}

impl<'a> ArchiveReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, FileProblem> {
        let (_, header) = SafeTensors::read_metadata(bytes)?;
        Ok(Self {
            tensors: SafeTensors::deserialize(bytes)?,
            metadata: header.metadata().iter().flatten().map(owned).collect(),
            read: BTreeSet::new(),
        })
    }

    /// The format, once the version is known to be this one.
    pub(super) fn format(&self) -> Result<&str, FileProblem> {
        let Some(format) = self.metadata.get("format") else {
            return Ok("not given");
        };
        if !format.starts_with("strel.") {
            return Ok(format);
        }
        match self.value("version")? {
            VERSION => Ok(format),
            found => Err(FileProblem::Version { expected: VERSION, found: found.to_owned() }),
        }
    }

    pub(super) fn expect_format(&self, expected: &'static str) -> Result<(), FileProblem> {
        match self.format()? {
            found if found == expected => Ok(()),
            found => Err(FileProblem::Format { expected, found: found.to_owned() }),
        }
    }

    fn value(&self, key: &str) -> Result<&str, FileProblem> {
        self.metadata.get(key).map(String::as_str).ok_or_else(|| FileProblem::Metadata {
            key: key.to_owned(),
            problem: "missing".to_owned(),
        })
    }

    /// Metadata read by `parse`.
    pub(super) fn parsed<T, E: ToString>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, FileProblem> {
        parse(self.value(key)?).map_err(|error| FileProblem::Metadata {
            key: key.to_owned(),
            problem: error.to_string(),
        })
    }

    /// Metadata in JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, key: &str) -> Result<T, FileProblem> {
        self.parsed(key, |text| serde_json::from_str(text))
    }

    pub(super) fn floats(
        &mut self,
        name: String,
        shape: &[usize],
    ) -> Result<Vec<f32>, FileProblem> {
        let bytes = self.tensor(name, Dtype::F32, Some(shape))?.1;
        let (values, _) = bytes.as_chunks();
        Ok(values.iter().copied().map(f32::from_le_bytes).collect())
    }

    /// The shape and the values of a tensor of any shape.
    pub(super) fn shaped_integers(
        &mut self,
        name: String,
    ) -> Result<(Vec<usize>, Vec<i64>), FileProblem> {
        let (shape, bytes) = self.tensor(name, Dtype::I64, None)?;
        let (values, _) = bytes.as_chunks();
        Ok((shape, values.iter().copied().map(i64::from_le_bytes).collect()))
    }

    /// The set of members of a tensor of this shape.
    pub(super) fn set(&mut self, name: String, shape: &[usize]) -> Result<Vec<bool>, FileProblem> {
        let bytes = self.tensor(name.clone(), Dtype::BOOL, Some(shape))?.1;
        members(name, bytes)
    }

    /// The shape and the set of members of a tensor of any shape.
    pub(super) fn shaped_set(
        &mut self,
        name: String,
    ) -> Result<(Vec<usize>, Vec<bool>), FileProblem> {
        let (shape, bytes) = self.tensor(name.clone(), Dtype::BOOL, None)?;
        Ok((shape, members(name, bytes)?))
    }

    /// The shape and bytes of a tensor of this type and, if one is given, shape.
    fn tensor(
        &mut self,
        name: String,
        dtype: Dtype,
        shape: Option<&[usize]>,
    ) -> Result<(Vec<usize>, &'a [u8]), FileProblem> {
        let describe = |dtype, shape: Option<&[usize]>| match shape {
            Some(shape) => format!("{dtype} {shape:?}"),
            None => format!("{dtype}"),
        };
        let expected = describe(dtype, shape);
        let Ok(found) = self.tensors.tensor(&name) else {
            return Err(FileProblem::MissingTensor { name, expected });
        };
        if found.dtype() != dtype || shape.is_some_and(|shape| shape != found.shape()) {
            let found = describe(found.dtype(), Some(found.shape()));
            return Err(FileProblem::Tensor { name, expected, found });
        }
        self.read.insert(name);
        Ok((found.shape().to_vec(), found.data()))
    }

    /// Refuses a file with tensors that nobody asked for.
    pub(super) fn expect_nothing_left(&self) -> Result<(), FileProblem> {
        let surplus = self.tensors.names().into_iter().filter(|name| !self.read.contains(*name));
        match surplus.min() {
            Some(name) => Err(FileProblem::SurplusTensor { name: name.to_owned() }),
            None => Ok(()),
        }
    }
}

fn owned((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}

/// Truth values from bytes that must be 0 or 1.
fn members(name: String, bytes: &[u8]) -> Result<Vec<bool>, FileProblem> {
    match bytes.iter().position(|&byte| byte > 1) {
        Some(index) => {
            Err(FileProblem::Value { name, index, expected: "0 or 1", found: bytes[index] })
        }
        None => Ok(bytes.iter().map(|&byte| byte == 1).collect()),
    }
}
