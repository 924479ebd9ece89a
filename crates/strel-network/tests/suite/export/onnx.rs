//! ONNX models, checked by onnx and run by onnxruntime.

use std::process::Command;

use strel_network::export::to_onnx;

use super::cases::{Case, bisels, layers, write_arrays};
use super::tools::{python, python_has, run};

/// Compares what models give with the arrays in the files beside them.
const SCRIPT: &str = "\
import glob, numpy, onnx, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
for name in sorted(glob.glob('*.onnx')):
    model = onnx.load(name)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(name, options, providers=['CPUExecutionProvider'])
    for case in sorted(glob.glob(name[:-5] + '_*_input.npy')):
        image = numpy.load(case).astype(bool)
        found = session.run(None, {'input': image[None]})
        for output, array in zip(session.get_outputs(), found):
            expected = numpy.load(case.replace('input', output.name))
            rounding = 1e-12 * numpy.abs(expected).max() if output.name == 'scores' else 0
            near = numpy.allclose(array[0], expected, rtol=0, atol=rounding)
            assert array[0].shape == expected.shape and near, (name, case, image, array, expected)
";

fn check(cases: &[Case]) {
    if !python_has("numpy, onnx, onnxruntime") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (index, case) in cases.iter().enumerate() {
        let name = format!("net{index}");
        let model = to_onnx(&case.network).unwrap();
        std::fs::write(folder.path().join(format!("{name}.onnx")), model).unwrap();
        write_arrays(case, &name, folder.path());
    }
    run(Command::new(python()).args(["-c", SCRIPT]).current_dir(&folder));
}

#[test]
fn onnxruntime_agrees() {
    check(&bisels(24));
}

#[test]
fn onnxruntime_agrees_on_all_layers() {
    check(&layers(40));
}
