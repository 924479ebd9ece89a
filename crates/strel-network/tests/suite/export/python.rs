//! Python modules, run with NumPy and SciPy.

use std::process::Command;

use strel_network::export::to_python;

use super::cases::{Case, bisels, layers, write_arrays};
use super::tools::{python, python_has, run};
use crate::classify;

/// Compares what modules give with the arrays in the files beside them.
const SCRIPT: &str = "\
import glob, importlib, sys
import numpy
sys.path.insert(0, '.')
for name in sorted(glob.glob('net*.py')):
    module = importlib.import_module(name[:-3])
    for case in sorted(glob.glob(name[:-3] + '_*_input.npy')):
        images = numpy.load(case)
        found = module.apply(*images)
        found = found if isinstance(found, tuple) else (found,)
        expected = numpy.load(case.replace('input', 'output'))
        assert numpy.array_equal(found, expected), (name, case, images, found, expected)
";

fn check(cases: &[Case]) {
    if !python_has("numpy, scipy.ndimage") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (index, case) in cases.iter().enumerate() {
        let Ok(module) = to_python(&case.network) else { continue };
        let name = format!("net{index}");
        std::fs::write(folder.path().join(format!("{name}.py")), module).unwrap();
        write_arrays(case, &name, folder.path());
    }
    run(Command::new(python()).args(["-c", SCRIPT]).current_dir(&folder));
}

#[test]
fn scipy_agrees() {
    check(&bisels(24));
}

#[test]
fn scipy_agrees_behind_pools() {
    check(&layers(40));
}

#[test]
fn classifiers_are_refused() {
    let error = to_python(&classify::classifier().1).unwrap_err();
    let expected = "layer 2 is a dense layer on 1x2x3, expected layers of images only";
    assert_eq!(error.to_string(), expected);
}
