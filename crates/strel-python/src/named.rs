//! Choices that are given by their names.

use pyo3::prelude::*;
use strel_image::files::{Foreground, Format};
use strel_network::Loss;
use strel_theory::{ConstantRule, Method, Metric, Threshold};

use crate::error;

/// What a name stands for, or a `ValueError` with the names there are.
fn choose<T: Copy>(what: &str, choices: &[(&str, T)], name: &str) -> PyResult<T> {
    let found = choices.iter().find(|(candidate, _)| *candidate == name);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(candidate, _)| *candidate).collect();
        error::value(format!("a {what} is one of {}, not {name:?}", names.join(", ")))
    })
}

/// How a neuron is binarized; exact rules and the centred metric, as by the command line.
pub fn method(name: &str) -> PyResult<Method> {
    let choices = [
        ("exact", Method::Exact),
        ("constant", Method::Constant(ConstantRule::Exact)),
        ("activable", Method::Activable(Metric::Centred)),
    ];
    choose("method", &choices, name)
}

pub fn constant_rule(name: &str) -> PyResult<ConstantRule> {
    let choices = [
        ("exact", ConstantRule::Exact),
        ("uniform", ConstantRule::Uniform),
        ("normal", ConstantRule::Normal),
    ];
    choose("rule", &choices, name)
}

pub fn metric(name: &str) -> PyResult<Metric> {
    let choices =
        [("centred", Metric::Centred), ("dual", Metric::Dual), ("euclidean", Metric::Euclidean)];
    choose("metric", &choices, name)
}

pub fn loss(name: &str) -> PyResult<Loss> {
    choose("loss", &[("dice", Loss::Dice), ("pixels", Loss::Pixels)], name)
}

pub fn foreground(name: &str) -> PyResult<Foreground> {
    let choices = [("black", Foreground::Black), ("white", Foreground::White)];
    choose("foreground", &choices, name)
}

pub fn format(name: &str) -> PyResult<Format> {
    let choices =
        [("png", Format::Png), ("tif", Format::Tiff), ("pbm", Format::Pbm), ("pgm", Format::Pgm)];
    choose("format", &choices, name)
}

pub fn threshold(name: &str) -> PyResult<Threshold> {
    name.parse().map_err(error::value)
}
