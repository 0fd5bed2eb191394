//! Plays the scenario with the Rust client; see `test/scenario.md`.

mod control;
mod expect;
mod plan;
mod play;
mod steps;
mod storm;

use std::error::Error;
use std::time::Instant;

use plan::{Plan, Run};
use play::Play;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let plan = Plan::read()?;
    for (index, run) in plan.runs.iter().enumerate() {
        play_run(index, run, &plan).await?;
    }
    play_storm(&plan).await
}

async fn play_run(index: usize, run: &Run, plan: &Plan) -> Result<(), Box<dyn Error>> {
    let play = Play::new(run, &plan.ca, &plan.control)?;
    for step in 1..=steps::STEPS {
        let began = Instant::now();
        let result = steps::play_step(step, &play).await;
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        let detail = result.as_ref().err().cloned().unwrap_or_default();
        println!("{}", json!({ "run": index, "step": step, "ok": result.is_ok(), "ms": ms, "detail": detail }));
    }
    Ok(())
}

async fn play_storm(plan: &Plan) -> Result<(), Box<dyn Error>> {
    let play = Play::new(&plan.storm.run, &plan.ca, &plan.control)?;
    let began = Instant::now();
    let result = storm::rage(&play, &plan.storm).await;
    let ms = began.elapsed().as_secs_f64() * 1000.0;
    let (stopped, detail) = match result {
        Ok(stopped) => (stopped, String::new()),
        Err(detail) => (plan.storm.count, detail),
    };
    println!("{}", json!({ "storm": stopped, "ok": detail.is_empty(), "ms": ms, "detail": detail }));
    Ok(())
}
