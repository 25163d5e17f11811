package io.involution.bench.contender;

import io.involution.bench.NetworkSize;
import io.involution.compute.ImageChunks;
import io.involution.compute.NativeThreads;
import io.involution.data.Shard;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import io.involution.model.state.ModelState;
import io.involution.train.Assignment;
import io.involution.train.Dl4jEngine;
import io.involution.train.LocalTrainer;
import io.involution.train.Place;
import io.involution.train.WorkerUpdate;
import io.involution.train.time.Round;
import java.io.IOException;
import java.util.List;

/**
 * This project's step: a {@link LocalTrainer}'s, from uint8 pixels to the updated parameters. What
 * a round does around its steps (loading and extracting the model state) is left out.
 */
public final class OurTraining implements Training {
  private static final long SEED = 42;
  private static final Place PLACE = new Place("localhost", "bench", "cpu", 0);

  private final Dl4jEngine engine;
  private final LocalTrainer trainer;
  private final Shard shard;
  private final int threads;
  private ModelState state;
  private int taken;

  /** Builds the network of a kind. */
  public OurTraining(NetworkKind kind, BenchData data, int threads) {
    this.threads = threads;
    NativeThreads.useOne();
    shard = data.shard();
    engine =
        new Dl4jEngine(
            NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(SEED, 1e-3))));
    trainer = new LocalTrainer(engine);
    state = trainer.state();
  }

  /** Serves the runner. */
  public static void main(String[] arguments) throws IOException {
    ContenderLoop.serve(new Ours(), arguments);
  }

  /** The one way in which this project writes its networks. */
  private static final class Ours implements Peer {
    @Override
    public List<String> formulations(ContenderOptions options) {
      return List.of("local-trainer");
    }

    @Override
    public Training start(ContenderOptions options, String formulation) {
      return new OurTraining(
          options.network().kind(), new BenchData(options.batch()), options.threads());
    }
  }

  @Override
  public NetworkSize size() {
    return GraphSize.of(engine.graph());
  }

  @Override
  public StepTime run(int steps) {
    ImageChunks.useThreads(threads);
    double seconds = 0;
    double lossSum = 0;
    long examples = 0;
    int end = taken + steps;
    while (taken < end) {
      int epoch = taken / BenchData.BATCHES;
      int first = taken % BenchData.BATCHES;
      int last = Math.min(BenchData.BATCHES, first + end - taken);
      Round round = new Round(epoch + 1, first + 1, first, last, BenchData.BATCHES);
      WorkerUpdate update = trainer.run(new Assignment(0, round, SEED), state, shard, PLACE, 0);
      state = update.state();
      seconds += update.report().seconds().steps();
      lossSum += update.report().lossSum();
      examples += update.report().examples();
      taken += last - first;
    }
    return new StepTime(seconds / steps, lossSum / examples);
  }

  @Override
  public void close() {
    trainer.close();
  }
}
