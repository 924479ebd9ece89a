//! A random plan on random images, compared pixel by pixel with what its operators' definitions say.
//!
//! The engine is that of the environment: `STREL_KERNEL=portable` fuzzes the portable kernel, nothing the best one.

#![no_main]

mod plans {
    pub mod case;
    pub mod oracle;
    pub mod random;
}

use libfuzzer_sys::fuzz_target;
use plans::case::Case;
use strel_image::Engine;

fuzz_target!(|case: Case| {
    let engine = Engine::from_environment().expect("STREL_KERNEL names a kernel of this processor");
    let inputs: Vec<_> = case.images.iter().collect();
    let expected = case.expected();
    let plan = case.plan();
    let found = plan.run(&engine, &inputs).expect("images of one size");
    for (place, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert!(found == expected, "output {place} of {case:?}\n{plan}");
    }
});
