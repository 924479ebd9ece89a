//! A graph under construction.

use super::proto::{Attribute, Element, Node, Tensor};

/// Nodes in the order in which they are computed, and constants. Values are known by name.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) nodes: Vec<Node>,
    pub(super) constants: Vec<Tensor>,
}

impl Builder {
    /// A node of one output, which has the node's name.
    pub(super) fn node(
        &mut self,
        name: &str,
        operator: &str,
        inputs: &[&str],
        attributes: &[Attribute],
    ) -> String {
        self.nodes.push(Node {
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![name.to_owned()],
            name: name.to_owned(),
            op_type: operator.to_owned(),
            attribute: attributes.to_vec(),
            doc_string: String::new(),
        });
        name.to_owned()
    }

    /// A node whose output is of another type than its input.
    pub(super) fn cast(&mut self, name: &str, input: &str, element: Element) -> String {
        self.node(name, "Cast", &[input], &[Attribute::int("to", element as i64)])
    }

    /// A constant tensor.
    pub(super) fn constant(
        &mut self,
        name: &str,
        element: Element,
        dims: &[usize],
        values: &[i64],
    ) -> String {
        self.constants.push(Tensor::new(name.to_owned(), element, dims, values));
        name.to_owned()
    }

    /// A constant list of integers.
    pub(super) fn integers(&mut self, name: &str, values: &[i64]) -> String {
        self.constant(name, Element::Int64, &[values.len()], values)
    }

    /// A constant integer without dimensions.
    pub(super) fn integer(&mut self, name: &str, value: i64) -> String {
        self.constant(name, Element::Int64, &[], &[value])
    }

    /// A part of a tensor, from `starts` to before `ends` along some axes.
    pub(super) fn slice(
        &mut self,
        name: &str,
        input: &str,
        starts: &[i64],
        ends: &[i64],
        axes: &[i64],
    ) -> String {
        let starts = self.integers(&format!("{name}_starts"), starts);
        let ends = self.integers(&format!("{name}_ends"), ends);
        let axes = self.integers(&format!("{name}_axes"), axes);
        self.node(name, "Slice", &[input, &starts, &ends, &axes], &[])
    }

    /// Several tensors joined two at a time; one stays as it is.
    pub(super) fn fold(&mut self, name: &str, operator: &str, inputs: &[String]) -> String {
        let (first, others) = inputs.split_first().expect("something is joined");
        let mut value = first.clone();
        for (other, number) in others.iter().zip(1..) {
            value = self.node(&format!("{name}_{number}"), operator, &[&value, other], &[]);
        }
        value
    }
}
