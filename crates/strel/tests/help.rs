//! The help of every command has an example.

use std::process::Command;

fn help(command: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_strel");
    let output = Command::new(program).args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that a help lists.
fn listed(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    list.take_while(|line| !line.is_empty())
        // A name is indented by two; the lines that go on with its description, by more.
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(String::from))
        .filter(|name| !name.is_empty() && name != "help")
        .collect()
}

#[test]
fn every_command_has_an_example() {
    let mut count = 0;
    let mut waiting: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(command) = waiting.pop() {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = help(&words);
        let inner = listed(&help);
        if inner.is_empty() {
            let example = format!("strel {} ", words.join(" "));
            let told = help.split_once("Example:").is_some_and(|(_, rest)| rest.contains(&example));
            assert!(told, "no example of `{example}` in:\n{help}");
            count += 1;
        }
        waiting.extend(inner.into_iter().map(|name| [command.clone(), vec![name]].concat()));
    }
    assert!(count >= 16, "{count} commands");
}
