//! Network files: read back as written, and hostile ones refused.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use strel_image::Border;
use strel_network::export::to_json;
use strel_network::{AnyNetwork, FloatNetwork, Network};

use crate::architecture::{self, any_neurons};
use crate::classify;
use crate::random::{self, one_neuron};
use crate::show::sticks;

/// What `AnyNetwork::load` says to these bytes.
fn load(bytes: &[u8]) -> Result<AnyNetwork, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.safetensors");
    std::fs::write(&path, bytes).unwrap();
    AnyNetwork::load(&path).map_err(|error| {
        let text = error.to_string();
        text.strip_prefix(&format!("{}: ", path.display())).expect("names the file").to_owned()
    })
}

fn saved(save: impl FnOnce(&Path)) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.safetensors");
    save(&path);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
    std::fs::read(path).unwrap()
}

fn binarized_bytes() -> Vec<u8> {
    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| saved(|path| sticks().save(path).unwrap()));
    BYTES.clone()
}

fn float_bytes() -> Vec<u8> {
    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let weights = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let network = one_neuron(Border::One, (2, 3), &weights, 0.5, -1.0);
        saved(|path| network.save(path).unwrap())
    });
    BYTES.clone()
}

/// Files of a max-pool, a dense layer and scores: a float one and a binarized one.
fn classifier_bytes() -> [Vec<u8>; 2] {
    static BYTES: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
        let (float, network) = classify::classifier();
        [saved(|path| float.save(path).unwrap()), saved(|path| network.save(path).unwrap())]
    });
    BYTES.clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn float_networks_are_read_back(network in random::float_network()) {
        let bytes = saved(|path| network.save(path).unwrap());
        prop_assert_eq!(&bytes, &saved(|path| network.save(path).unwrap()));
        prop_assert_eq!(load(&bytes).unwrap(), AnyNetwork::Float(network));
    }

    #[test]
    fn float_networks_of_all_layers_are_read_back(
        (network, _) in architecture::float_network(any_neurons),
    ) {
        let bytes = saved(|path| network.save(path).unwrap());
        prop_assert_eq!(load(&bytes).unwrap(), AnyNetwork::Float(network));
    }

    #[test]
    fn binarized_networks_of_all_layers_are_read_back((network, _) in architecture::network()) {
        let bytes = saved(|path| network.save(path).unwrap());
        prop_assert_eq!(load(&bytes).unwrap(), AnyNetwork::Binarized(network));
    }

    #[test]
    fn binarized_networks_are_read_back(network in random::network()) {
        let bytes = saved(|path| network.save(path).unwrap());
        prop_assert_eq!(&bytes, &saved(|path| network.save(path).unwrap()));
        let AnyNetwork::Binarized(found) = load(&bytes).unwrap() else { panic!("a float one") };
        // The windows too, which the equality of elements ignores.
        prop_assert_eq!(format!("{found:?}"), format!("{network:?}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Changed bytes give an error or another valid network, and never a panic.
    #[test]
    fn mutated_files_do_no_harm(
        file in 0..4_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let [float, binarized] = classifier_bytes();
        let mut bytes = [float_bytes(), binarized_bytes(), float, binarized][file].clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            // Digits for digits, since other bytes seldom leave JSON behind.
            let digit = bytes[place].is_ascii_digit();
            bytes[place] = if digit { b'0' + byte % 10 } else { byte };
        }
        let _ = load(&bytes);
    }
}

#[test]
fn truncated_files_are_refused() {
    let [float, binarized] = classifier_bytes();
    for bytes in [float_bytes(), binarized_bytes(), float, binarized] {
        for length in (0..bytes.len()).step_by(7) {
            let error = load(&bytes[..length]).unwrap_err();
            assert!(error.starts_with("damaged"), "{length} bytes: {error}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(load(&longer).unwrap_err().starts_with("damaged"));
    }
}

#[test]
fn missing_files_folders_and_wrong_kinds_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.safetensors");
    let error = AnyNetwork::load(&missing).unwrap_err().to_string();
    assert!(error.starts_with(&missing.display().to_string()), "{error}");
    let error = AnyNetwork::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("no regular file"), "{error}");
    assert!(sticks().save(missing.join("below")).is_err());

    let path = folder.path().join("network.safetensors");
    sticks().save(&path).unwrap();
    let error = FloatNetwork::load(&path).unwrap_err().to_string();
    assert!(
        error.ends_with("the format is strel.network, expected strel.float-network"),
        "{error}"
    );
    std::fs::write(&path, float_bytes()).unwrap();
    let error = Network::load(&path).unwrap_err().to_string();
    assert!(
        error.ends_with("the format is strel.float-network, expected strel.network"),
        "{error}"
    );
}

/// A file in parts that a test can change.
struct Parts {
    metadata: HashMap<String, String>,
    tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Self {
        let (_, header) = SafeTensors::read_metadata(bytes).unwrap();
        let file = SafeTensors::deserialize(bytes).unwrap();
        let tensors = file.iter().map(|(name, tensor)| {
            (name.to_owned(), tensor.dtype(), tensor.shape().to_vec(), tensor.data().to_vec())
        });
        Self { metadata: header.metadata().clone().unwrap(), tensors: tensors.collect() }
    }

    fn load(&self) -> Result<AnyNetwork, String> {
        let views = self.tensors.iter().map(|(name, dtype, shape, data)| {
            (name, TensorView::new(*dtype, shape.clone(), data).unwrap())
        });
        load(&safetensors::serialize(views, Some(self.metadata.clone())).unwrap())
    }

    fn tensor(&mut self, name: &str) -> &mut (String, Dtype, Vec<usize>, Vec<u8>) {
        self.tensors.iter_mut().find(|tensor| tensor.0 == name).unwrap()
    }
}

/// The error for a file with one change.
fn refused(bytes: &[u8], change: impl FnOnce(&mut Parts)) -> String {
    let mut parts = Parts::of(bytes);
    assert!(parts.load().is_ok());
    change(&mut parts);
    parts.load().unwrap_err()
}

fn set(key: &str, value: &str) -> impl FnOnce(&mut Parts) {
    move |parts| {
        parts.metadata.insert(key.to_owned(), value.to_owned()).unwrap();
    }
}

#[test]
fn foreign_metadata_is_refused() {
    let float = &float_bytes();
    let error = refused(float, |parts| parts.metadata.clear());
    assert_eq!(error, "the format is not given, expected strel.network or strel.float-network");
    let error = refused(float, set("format", "pt"));
    assert_eq!(error, "the format is pt, expected strel.network or strel.float-network");
    let error = refused(float, set("version", "2"));
    assert_eq!(error, "the format's version is \"2\", expected \"1\": a newer strel may read it");
    let error = refused(float, set("border", "mirror"));
    assert!(error.starts_with("metadata \"border\": a border is one of"), "{error}");
    let error = refused(float, set("border", "neutral"));
    assert!(error.starts_with("the border is neutral"), "{error}");
    let error = refused(float, set("threshold", "relu"));
    assert!(error.starts_with("metadata \"threshold\": unknown threshold"), "{error}");
    let error = refused(float, |parts| drop(parts.metadata.remove("layers")));
    assert_eq!(error, "metadata \"layers\": missing");
    for layers in ["", "{}", "[]", "[1]", r#"[{"inputs":1}]"#] {
        refused(float, set("layers", layers));
        refused(&binarized_bytes(), set("layers", layers));
    }
    let huge = u64::MAX.to_string();
    let layers = format!(r#"[{{"inputs":{huge},"outputs":{huge},"kernel":[{huge},{huge}]}}]"#);
    let error = refused(float, set("layers", &layers));
    assert!(error.starts_with("tensor \"layer1.bise.weights\" is F32 [1, 1, 2, 3]"), "{error}");
}

#[test]
fn wrong_tensors_are_refused() {
    let float = &float_bytes();
    let error = refused(float, |parts| parts.tensors.retain(|tensor| !tensor.0.ends_with("bias")));
    assert_eq!(error, "tensor \"layer1.bise.bias\" is missing, expected F32 [1, 1]");
    let error = refused(float, |parts| {
        parts.tensors.push(("other".to_owned(), Dtype::U8, vec![1], vec![0]));
    });
    assert_eq!(error, "tensor \"other\" belongs to no neuron of the network");
    let error = refused(float, |parts| parts.tensor("layer1.bise.weights").2 = vec![1, 1, 3, 2]);
    assert_eq!(
        error,
        "tensor \"layer1.bise.weights\" is F32 [1, 1, 3, 2], expected F32 [1, 1, 2, 3]"
    );
    let error = refused(float, |parts| parts.tensor("layer1.bise.scale").1 = Dtype::I32);
    assert_eq!(error, "tensor \"layer1.bise.scale\" is I32 [1, 1], expected F32 [1, 1]");
    let error = refused(float, |parts| {
        parts.tensor("layer1.bise.bias").3 = f32::NAN.to_le_bytes().to_vec();
    });
    assert_eq!(error, "layer 1, output 1, input 1: the bias is NaN, expected a finite number");
}

#[test]
fn wrong_sets_are_refused() {
    let network = &binarized_bytes();
    let element = "layer1.output3.input1.element";
    let error = refused(network, |parts| parts.tensor(element).3[7] = 2);
    assert_eq!(error, format!("tensor {element:?}: value 7 is 2, expected 0 or 1"));
    let error = refused(network, |parts| parts.tensor(element).3.fill(0));
    assert!(error.starts_with("layer 1, output 3, input 1: "), "{error}");
    let error = refused(network, |parts| parts.tensor(element).2 = vec![25]);
    assert!(error.contains("expected BOOL [rows, columns]"), "{error}");
    let error = refused(network, |parts| {
        *parts.tensor(element) = (element.to_owned(), Dtype::BOOL, vec![1 << 28, 0], vec![]);
    });
    assert!(error.contains("each at most 4096"), "{error}");
    let error = refused(network, |parts| parts.tensor("layer2.output1.members").2 = vec![1, 3]);
    assert!(error.ends_with("is BOOL [1, 3], expected BOOL [3]"), "{error}");
    let error = refused(network, |parts| {
        let layers = parts.metadata.get_mut("layers").unwrap();
        *layers = layers.replacen("\"origin\":[2,2]", "\"origin\":[2,5]", 1);
    });
    assert!(error.contains("layer 1, output 1, input 1: the origin (2, 5)"), "{error}");
    let error = refused(network, |parts| {
        let layers = parts.metadata.get_mut("layers").unwrap();
        *layers = layers.replacen("erosion", "blur", 1);
    });
    assert!(error.contains("unknown variant `blur`"), "{error}");
}

#[test]
fn wrong_dense_layers_are_refused() {
    let [float, network] = classifier_bytes();
    let change = |from: &'static str, to: &'static str| {
        move |parts: &mut Parts| {
            let layers = parts.metadata.get_mut("layers").unwrap();
            assert!(layers.contains(from), "{layers}");
            *layers = layers.replacen(from, to, 1);
        }
    };
    for bytes in [&float, &network] {
        let error = refused(bytes, change("\"width\":3", "\"width\":4"));
        assert!(error.starts_with("tensor \"layer2."), "{error}");
        let error = refused(bytes, change("\"height\":2", "\"height\":18446744073709551615"));
        assert!(error.starts_with("tensor \"layer2.") || error.contains("any memory"), "{error}");
        let error = refused(bytes, change("{\"maxpool\":{\"channels\":1}}", "{\"blur\":3}"));
        assert!(error.starts_with("metadata \"layers\""), "{error}");
        let error = refused(bytes, change("\"channels\":1", "\"channels\":2"));
        assert_eq!(error, "layer 2 reads 1 channels, but the layer before it gives 2");
        let error = refused(bytes, |parts| {
            parts.tensor("layer3.scores.bias").3[..4].copy_from_slice(&f32::NAN.to_le_bytes());
        });
        assert_eq!(error, "layer 3, class 1: the bias is NaN, expected a finite number");
    }
    let error = refused(&network, |parts| parts.tensor("layer2.neuron2.members").3.fill(0));
    assert!(error.starts_with("layer 2, neuron 2: the set of an operator is empty"), "{error}");
}

/// The header of a file from before there were dense layers.
#[test]
fn files_of_bisel_layers_stay_as_they_were() {
    let text = String::from_utf8_lossy(&float_bytes()).into_owned();
    let layers = r#""layers":"[{\"inputs\":1,\"outputs\":1,\"kernel\":[2,3]}]""#;
    assert!(text.contains(layers), "{text}");
    let text = String::from_utf8_lossy(&binarized_bytes()).into_owned();
    assert!(
        text.contains(r#""layers":"[{\"bisel\":{\"inputs\":1,\"outputs\":[{\"neurons\""#),
        "{text}"
    );
    assert!(text.contains(r#""version":"1""#));
}

#[test]
fn the_json_of_a_network_is_read_as_a_network_file() {
    let text = to_json(&sticks());
    assert_eq!(load(text.as_bytes()), Ok(AnyNetwork::Binarized(sticks())));
    assert_eq!(load(format!("\n {text}").as_bytes()), Ok(AnyNetwork::Binarized(sticks())));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sticks.json");
    std::fs::write(&path, text).unwrap();
    assert_eq!(Network::load(&path).unwrap(), sticks());
    let error = FloatNetwork::load(&path).unwrap_err().to_string();
    let expected = "the format is strel.operators, expected strel.float-network";
    assert!(error.ends_with(expected), "{error}");
}

#[test]
fn wrong_json_is_refused_with_its_place() {
    let text = to_json(&sticks());
    let cut = load(&text.as_bytes()[..text.len() / 2]).unwrap_err();
    assert!(cut.starts_with("no network in JSON: ") && cut.contains(" line "), "{cut}");
    let no_text = text.replacen("replicate", "repli\u{0}cate", 1).replace('\u{0}', "\\ud800");
    for (json, expected) in [
        ("{\"layers\": 3}", "no network in JSON: invalid type: integer `3`, expected a sequence"),
        (&no_text, "no network in JSON: "),
        (&text.replacen("\"dilation\"", "\"dilatation\"", 1), "unknown variant `dilatation`"),
        (&text.replacen("erosion", "dilation", 1).replacen("layers", "layer", 1), "unknown field"),
    ] {
        let error = load(json.as_bytes()).unwrap_err();
        assert!(error.contains(expected) && error.contains("line "), "{error}");
    }
    let mut bytes = text.into_bytes();
    let middle = bytes.len() / 2;
    bytes[middle] = 0xff;
    assert!(load(&bytes).unwrap_err().starts_with("no network in JSON: "));
}
