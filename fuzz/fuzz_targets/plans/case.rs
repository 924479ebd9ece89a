//! A plan as a list of operators, which is built for the engine and evaluated by the oracle.

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use strel_image::{BitImage, Border, GateTerm, Operand, Plan, PlanBuilder, StructuringElement};

use super::{oracle, random};

/// An operator on earlier results, which are named by their places: the inputs come first.
#[derive(Debug)]
pub enum Operator {
    Dilate(usize, StructuringElement),
    Erode(usize, StructuringElement),
    Open(usize, StructuringElement),
    Close(usize, StructuringElement),
    Rank(usize, StructuringElement, usize),
    HitOrMiss(usize, StructuringElement, StructuringElement),
    Complement(usize),
    Union(Vec<usize>),
    Intersection(Vec<usize>),
    Difference(usize, usize),
    Gate(Vec<Term>, i64),
}

/// The place of a result, an offset and a weight.
pub type Term = (usize, (isize, isize), i32);

#[derive(Debug)]
pub struct Case {
    pub border: Border,
    /// One or more, of one size.
    pub images: Vec<BitImage>,
    pub operators: Vec<Operator>,
    pub outputs: Vec<usize>,
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let border = *bytes.choose(&Border::ALL)?;
        let size = random::size(bytes)?;
        let images = (0..bytes.int_in_range(1..=2)?).map(|_| random::image(bytes, size));
        let images: Vec<BitImage> = images.collect::<Result<_>>()?;
        let mut operators = Vec::new();
        for _ in 0..bytes.int_in_range(1..=5)? {
            operators.push(random::operator(bytes, images.len() + operators.len())?);
        }
        let results = images.len() + operators.len();
        // The last result, and some others.
        let mut outputs = vec![results - 1];
        for _ in 0..bytes.int_in_range(0..=2)? {
            outputs.push(bytes.choose_index(results)?);
        }
        Ok(Case { border, images, operators, outputs })
    }
}

impl Case {
    pub fn plan(&self) -> Plan {
        let mut builder = PlanBuilder::new(self.border);
        let mut results: Vec<Operand> = self.images.iter().map(|_| builder.input()).collect();
        for operator in &self.operators {
            results.push(operator.build(&mut builder, &results));
        }
        let outputs: Vec<Operand> = self.outputs.iter().map(|&place| results[place]).collect();
        builder.finish(&outputs)
    }

    pub fn expected(&self) -> Vec<BitImage> {
        let mut results = self.images.clone();
        for operator in &self.operators {
            results.push(oracle::evaluate(operator, &results, self.border));
        }
        self.outputs.iter().map(|&place| results[place].clone()).collect()
    }
}

impl Operator {
    fn build(&self, builder: &mut PlanBuilder, results: &[Operand]) -> Operand {
        let all = |places: &[usize]| places.iter().map(|&at| results[at]).collect::<Vec<_>>();
        match self {
            Self::Dilate(at, element) => builder.dilate(results[*at], element),
            Self::Erode(at, element) => builder.erode(results[*at], element),
            Self::Open(at, element) => builder.open(results[*at], element),
            Self::Close(at, element) => builder.close(results[*at], element),
            Self::Rank(at, element, at_least) => builder.rank(results[*at], element, *at_least),
            Self::HitOrMiss(at, hit, miss) => builder.hit_or_miss(results[*at], hit, miss),
            Self::Complement(at) => builder.complement(results[*at]),
            Self::Union(places) => builder.union(&all(places)),
            Self::Intersection(places) => builder.intersection(&all(places)),
            Self::Difference(at, other) => builder.difference(results[*at], results[*other]),
            Self::Gate(terms, at_least) => {
                let term = |&(at, offset, weight): &Term| {
                    let operand = results[at];
                    GateTerm { operand, offset, weight: weight.into() }
                };
                let terms: Vec<GateTerm> = terms.iter().map(term).collect();
                builder.gate(&terms, *at_least).expect("few terms with weights of 16 bits")
            }
        }
    }
}
