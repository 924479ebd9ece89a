//! Configurations: what is accepted, and what is said of the rest.

use std::path::Path;

use strel_train::Config;
use strel_train::config::DataConfig;
use strel_train::data::{Diskorect, ImagesConfig};

fn complaint(setting: &str) -> String {
    Config::noisti().with_settings(&[setting]).unwrap_err().to_string()
}

#[test]
fn presets_come_back_from_their_text() {
    for config in [Config::noisti(), Config::pairs(Path::new("a"), Path::new("b")).unwrap()] {
        assert_eq!(Config::from_toml(&config.to_toml(), "test").unwrap(), config);
    }
}

/// An operator on images of a name.
fn operator(images: &str) -> Config {
    let data = format!("[data.operator]\nimages = '{images}'\ntarget = 'oD3'\n");
    let network = "[network]\nchannels = [1, 1, 1]\n";
    Config::from_toml(&(data + network), "test").unwrap()
}

#[test]
fn experiments_are_valid_and_come_back_from_their_text() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let config = Config::load(&file.unwrap().path()).unwrap();
        assert_eq!(Config::from_toml(&config.to_toml(), "test").unwrap(), config);
        count += 1;
    }
    assert!(count >= 4);
}

#[test]
fn images_are_named_or_described() {
    let config = operator("diskorect");
    let settings = ["data.operator.images.diskorect.size=30", "data.operator.target=d3.3 + e5.1"];
    let DataConfig::Operator(smaller) = config.with_settings(&settings).unwrap().data else {
        panic!("still an operator")
    };
    let diskorect = Diskorect { size: 30, ..Diskorect::default() };
    assert_eq!(smaller.images, ImagesConfig::Diskorect(diskorect));
    assert_eq!(smaller.target.to_string(), "d3.3 + e5.1");
    let digits = config.with_settings(&["data.operator.images=mnist"]).unwrap();
    assert_eq!(digits, operator("mnist"));
}

#[test]
fn wrong_operators_are_named_with_what_is_expected() {
    let wrong = [
        ("diskorect", "data.operator.images=mnst", "mnst", "fashion-mnist"),
        ("diskorect", "data.operator.images=3", "images", "name or a table"),
        ("diskorect", "data.operator.target=oD", "character 3", "radius"),
        ("diskorect", "data.operator.border=round", "round", "replicate"),
        ("diskorect", "data.operator.images.diskorect.sise=3", "sise", "max-shape"),
        ("diskorect", "data.operator.images.diskorect.size=0", "size", "1 to "),
        ("diskorect", "data.operator.images.diskorect.size=19", "max-shape", "1 to `size` = 19"),
        ("diskorect", "data.operator.images.diskorect.max-hole=0", "max-hole", "1 to `size`"),
        ("diskorect", "data.operator.images.diskorect.border=26", "border", "half of `size`, 25"),
        ("diskorect", "data.operator.images.diskorect.salt=2.0", "salt", "0 to 1"),
        ("diskorect", "data.operator.images.diskorect.inverted=-1.0", "inverted", "0 to 1"),
        ("mnist", "data.operator.images.mnist.size=0", "size", "1 to 4096"),
        ("mnist", "data.operator.images.mnist.threshold=256", "threshold", "0 to 255"),
        (
            "fashion-mnist",
            "data.operator.images.fashion-mnist.validation=1.0",
            "validation",
            "below 1",
        ),
    ];
    for (images, setting, name, range) in wrong {
        let error = operator(images).with_settings(&[setting]).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(range), "{setting}: {error}");
    }
}

#[test]
fn wrong_shares_are_named_with_their_range() {
    let pairs = Config::pairs(Path::new("a"), Path::new("b")).unwrap();
    let wrong = [
        ("data.pairs.crop=0", "crop", "at least 1"),
        ("data.pairs.validation=0.0", "validation", "above 0"),
        ("data.pairs.test=1.0", "test", "below 1"),
        ("data.pairs.test=0.8", "together", "below 1"),
        ("data.pairs.hold-out=columns", "columns", "images"),
    ];
    let clamped = ["network.biases=projected", "network.weights=raw", "training.free=1.0"];
    let error = Config::noisti().with_settings(&clamped).unwrap_err().to_string();
    assert!(error.contains("biases") && error.contains("positive weights"), "{error}");
    for (setting, name, range) in wrong {
        let error = pairs.with_settings(&[setting]).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(range), "{setting}: {error}");
    }
}

#[test]
fn settings_replace_values() {
    let settings =
        ["seed=7", "training.loss=dice", "network.kernel=[3, 5]", "data.noisti.salt=0.2"];
    let longer = ["data.noisti.min-length=20", "data.noisti.max-length=30"];
    assert!(Config::noisti().with_settings(&longer).is_ok(), "each alone would be no range");
    let config = Config::noisti().with_settings(&settings).unwrap();
    assert_eq!(config.seed, 7);
    assert_eq!(config.network.kernel, (3, 5));
    let DataConfig::Noisti(noisti) = config.data else { panic!("still sticks") };
    assert_eq!(noisti.salt, 0.2);
}

#[test]
fn unknown_keys_are_named() {
    let error = Config::from_toml("[data.noisti]\n[network]\nchanels = [1, 1]\n", "my.toml");
    let error = error.unwrap_err().to_string();
    for part in ["my.toml", "chanels", "did you mean `channels`?", "line 3"] {
        assert!(error.contains(part), "no `{part}` in: {error}");
    }
    assert!(complaint("training.stepz=1").contains("stepz"));
    assert!(complaint("training.stepz=1").contains("did you mean `steps`?"));
    assert!(complaint("training.loss=dic").contains("did you mean `dice`?"));
    assert!(complaint("trainings.steps=1").contains("no table `trainings`"));
    assert!(complaint("trainings.steps=1").contains("did you mean `training`?"));
    assert!(complaint("steps").contains("key=value"));
}

#[test]
fn values_out_of_range_are_named_with_their_range() {
    let wrong = [
        ("network.kernel=[0, 3]", "kernel", "1 to 63"),
        ("network.kernel=[3, 64]", "kernel", "1 to 63"),
        ("network.channels=[1]", "channels", "like [1, 3, 1]"),
        ("network.channels=[1, 0, 1]", "channels", "like [1, 3, 1]"),
        ("network.channels=[2, 1]", "channels", "like [1, 3, 1]"),
        ("network.channels=[1, 1025, 1]", "channels", "1024"),
        ("network.border=neutral", "border", "replicate, reflect, zero or one"),
        ("network.bias=1.0", "bias", "below 1"),
        ("network.scale=nan", "scale", "finite"),
        ("network.biases=reparametrized", "biases", "`free` of 1"),
        ("network.biases=clamped", "clamped", "projected"),
        ("training.batch=0", "batch", "1 to "),
        ("training.learning-rate=0.0", "learning-rate", "above 0"),
        ("training.learning-rate=inf", "learning-rate", "above 0"),
        ("training.free=1.5", "free", "0 to 1"),
        ("training.batch=65537", "batch", "1 to 65536"),
        ("training.batch=-1", "-1", "a whole number, 0 or more"),
        ("training.judges=0", "judges", "1 to "),
        ("training.log-every=0", "log-every", "at least 1"),
        ("training.checkpoint-every=0", "checkpoint-every", "at least 1"),
        ("training.validation=0", "validation", "1 to "),
        ("training.loss=hinge", "hinge", "squared-hinge"),
        ("training.patience=3", "patience", "`free` of 1"),
        ("training.schedule.every=0", "every", "at least 1"),
        ("training.schedule.factor=2.0", "factor", "at most 1"),
        ("training.schedule.sharpening=0.0", "sharpening", "above 0"),
        ("training.schedule.decay=linear", "linear", "cosine"),
        ("training.regularizer.kind=exact", "exact", "activable"),
        ("training.regularizer.coefficient=-1.0", "coefficient", "at least 0"),
        ("data.noisti.size=0", "size", "1 to "),
        ("data.noisti.size=4097", "size", "1 to 4096"),
        ("data.noisti.sticks=4097", "sticks", "at most 4096"),
        ("data.noisti.salt=1.5", "salt", "0 to 1"),
        ("data.noisti.angles=[30]", "30", "0, 45, 90 or 135"),
        ("data.noisti.angles=[]", "angles", "at least one"),
        ("data.noisti.min-length=0", "min-length", "max-length"),
        ("data.noisti.min-length=99", "min-length", "max-length"),
    ];
    for (setting, name, range) in wrong {
        let error = complaint(setting);
        assert!(error.contains(name) && error.contains(range), "{setting}: {error}");
    }
}
