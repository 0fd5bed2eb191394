package dev.cairnmemory.scenario;

/** One step; throws where something is not as it has to be. */
interface Step {
  void play(Play play) throws Exception;
}
