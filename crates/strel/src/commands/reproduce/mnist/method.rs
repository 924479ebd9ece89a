//! What is compared.

use std::fmt::{self, Display};

use serde::Deserialize;
use strel::train::{Config, TrainError};

/// A way to train 784 -> width -> 10.
pub struct Method {
    /// What a report calls it.
    pub name: String,
    /// Accuracy in percent with the authors' code: of the float network, and of the binarized one if
    /// there is one.
    pub published: Vec<f64>,
    /// None of an ordinary network, which another program trains.
    recipe: Option<Recipe>,
}

struct Recipe {
    base: Base,
    settings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Study {
    group: Vec<Group>,
    ordinary: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    base: Base,
    #[serde(default)]
    set: Vec<String>,
    method: Vec<Named>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Base {
    Mnist,
    MnistGates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    #[serde(default)]
    set: Vec<String>,
    #[serde(default)]
    published: Vec<f64>,
}

/// Stands for the number of hidden neurons.
const WIDTH: &str = "WIDTH";

impl Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Method {
    /// All methods, ours first, ordinary networks last.
    pub fn all() -> Vec<Self> {
        let study = include_str!("study.toml");
        let study: Study = toml::from_str(study).expect("the study is embedded");
        let ours = study.group.into_iter().flat_map(|Group { base, set, method }| {
            method.into_iter().map(move |Named { name, set: own, published }| {
                let recipe = Some(Recipe { base, settings: [&set[..], &own].concat() });
                Method { name, published, recipe }
            })
        });
        let ordinary = |Named { name, published, .. }| Method { name, published, recipe: None };
        ours.chain(study.ordinary.into_iter().map(ordinary)).collect()
    }

    /// Whether another program trains it.
    pub fn is_ordinary(&self) -> bool {
        self.recipe.is_none()
    }

    /// What it trains by, with so many hidden neurons; nothing of an ordinary network.
    ///
    /// # Errors
    /// The settings do not fit the base.
    pub fn config(&self, width: usize) -> Result<Option<Config>, TrainError> {
        let Some(Recipe { base, settings }) = &self.recipe else { return Ok(None) };
        let base = match base {
            Base::Mnist => Config::mnist(),
            Base::MnistGates => Config::mnist_gates(),
        };
        let settings = settings.iter().map(|set| set.replace(WIDTH, &width.to_string()));
        base.with_settings(&settings.collect::<Vec<_>>()).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_a_configuration_of_its_own() {
        let methods = Method::all();
        let ours: Vec<&Method> = methods.iter().filter(|method| !method.is_ordinary()).collect();
        let configs: Vec<String> =
            ours.iter().map(|method| method.config(96).unwrap().unwrap().to_toml()).collect();
        for (config, method) in configs.iter().zip(ours) {
            assert!(config.contains("= 96"), "{}: {config}", method.name);
            let same = configs.iter().filter(|other| *other == config).count();
            assert_eq!(same, 1, "{}", method.name);
        }
    }
}
