use std::error::Error;
use std::{env, fs};

use serde_json::Value;

/// What the suite asks for; `test/scenario.md` says what each part means.
pub struct Plan {
    pub control: String,
    pub ca: Vec<u8>,
    pub runs: Vec<Run>,
    pub storm: Storm,
}

/// One time through the steps.
#[derive(Clone)]
pub struct Run {
    pub tls: bool,
    pub url: String,
    pub key: String,
    pub read_key: String,
}

/// Searches that are each left after their first result.
pub struct Storm {
    pub run: Run,
    pub count: u64,
    pub at_once: usize,
}

impl Plan {
    /// Reads the file that CAIRN_SCENARIO names.
    pub fn read() -> Result<Plan, Box<dyn Error>> {
        let plan: Value = serde_json::from_str(&fs::read_to_string(env::var("CAIRN_SCENARIO")?)?)?;
        let storm = &plan["storm"];
        Ok(Plan {
            control: text(&plan["control"])?,
            ca: fs::read(text(&plan["ca"])?)?,
            runs: plan["runs"].as_array().ok_or("no runs")?.iter().map(run).collect::<Result<_, _>>()?,
            storm: Storm {
                run: run(storm)?,
                count: storm["count"].as_u64().ok_or("no count")?,
                at_once: storm["at_once"].as_u64().ok_or("no at_once")? as usize,
            },
        })
    }
}

fn run(value: &Value) -> Result<Run, Box<dyn Error>> {
    let wire = text(&value["wire"])?;
    if wire != "grpc" {
        return Err(format!("the Rust client has no wire {wire}").into());
    }
    Ok(Run {
        tls: value["tls"].as_bool().ok_or("no tls")?,
        url: text(&value["url"])?,
        key: text(&value["key"])?,
        read_key: text(&value["read_key"])?,
    })
}

fn text(value: &Value) -> Result<String, Box<dyn Error>> {
    Ok(value.as_str().ok_or("a text is missing in the plan")?.to_owned())
}
