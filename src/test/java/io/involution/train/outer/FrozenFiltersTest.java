package io.involution.train.outer;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.data.Shard;
import io.involution.data.ShardFixture;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterBlock;
import io.involution.model.state.ParameterLayout;
import io.involution.train.Assignment;
import io.involution.train.Dl4jEngine;
import io.involution.train.LocalTrainer;
import io.involution.train.Place;
import io.involution.train.RoundFixture;
import io.involution.train.WorkerUpdate;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Round;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** Filters that are not trained keep their bits in all of training, and their biases learn. */
class FrozenFiltersTest {
  private static final Shard SHARD = ShardFixture.random(9, 1);

  /** Everything that could move a weight: regularization, constraints, updaters with momentum. */
  private static NetworkBlueprint network(IUpdater updater, boolean trained) {
    ComputationGraphConfiguration network =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .l1(0.1)
            .l2(0.1)
            .updater(updater)
            .constrainAllParameters(new MaxNormConstraint(1e-3, 1))
            .gradientNormalization(GradientNormalization.RenormalizeL2PerLayer)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(32, 32, 3))
            .addLayer("whiten", whitening(trained), "input")
            .addLayer("deep", block(8).bias(false).build(), "whiten")
            .addLayer("output", new SoftmaxOutput(10), "deep")
            .setOutputs("output")
            .build();
    return NetworkBlueprint.of("mine", network);
  }

  private static ConvolutionBlock whitening(boolean trained) {
    ConvolutionBlock.Builder builder = block(4).kernelSize(2).same(false).trained(trained);
    builder.regularization(List.of(new WeightDecay(0.1, true)));
    return builder.build();
  }

  private static ConvolutionBlock.Builder block(int filters) {
    return new ConvolutionBlock.Builder().nOut(filters).kernelSize(1).pool(true);
  }

  static List<IUpdater> updaters() {
    return List.of(new Adam(0.01), new Nesterovs(0.01, 0.9));
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void workersAveragesAndOuterStepsLeaveThemAlone(IUpdater updater) {
    NetworkBlueprint blueprint = network(updater, false);
    ParameterLayout layout = layout(blueprint);
    OuterStep outer = OuterMomentum.nesterov(0.7, 0.9, layout.blocks());
    EpochPlan plan = new EpochPlan(SHARD.size(), 1, 3, 2);
    try (LocalTrainer trainer = new LocalTrainer(new Dl4jEngine(blueprint))) {
      ModelState first = trainer.state();
      ModelState state = first;
      for (int epoch = 1; epoch <= 2; epoch++) {
        for (Round round : plan.rounds(epoch)) {
          List<WorkerUpdate> updates = new ArrayList<>();
          for (int worker = 0; worker < 3; worker++) {
            updates.add(
                trainer.run(new Assignment(worker, round, worker), state, SHARD, place(), 0));
          }
          state = outer.next(state, RoundFixture.mean(updates));
        }
      }
      for (ParameterBlock block : layout.blocks()) {
        float[] before = part(first, block);
        float[] after = part(state, block);
        if (block.trainable()) {
          assertThat(after).as("%s %s", block.layer(), block.name()).isNotEqualTo(before);
        } else {
          assertThat(after).containsExactly(before);
        }
      }
    }
  }

  private static Place place() {
    return new Place("host", "1", "cpu", 0);
  }

  private static float[] part(ModelState state, ParameterBlock block) {
    return Arrays.copyOfRange(state.parameters(), block.offset(), block.end());
  }

  private static ParameterLayout layout(NetworkBlueprint blueprint) {
    ComputationGraph graph = blueprint.build();
    try {
      return ParameterLayout.of(graph);
    } finally {
      GraphState.close(graph);
    }
  }

  @Test
  void theyHaveNoUpdaterStateAndCountAsNotTrainable() {
    int filters = 4 * 3 * 2 * 2;
    ParameterLayout layout = layout(network(new Adam(0.01), false));
    assertThat(layout.blocks().stream().filter(block -> !block.trainable()))
        .singleElement()
        .satisfies(
            block -> {
              assertThat(block.layer()).isEqualTo("whiten");
              assertThat(block.name()).isEqualTo("W");
              assertThat(block.length()).isEqualTo(filters);
            });
    assertThat(layout.blocks("deep")).extracting(ParameterBlock::name).containsExactly("W");
    try (Dl4jEngine frozen = new Dl4jEngine(network(new Adam(0.01), false));
        Dl4jEngine trained = new Dl4jEngine(network(new Adam(0.01), true))) {
      assertThat(frozen.capture().parameters()).containsExactly(trained.capture().parameters());
      assertThat(frozen.capture().updater())
          .hasSize(trained.capture().updater().length - 2 * filters);
    }
  }

  /** Files of before say neither setting, and those of networks without them do not either. */
  @Test
  void settingsAreSavedWhereTheyAreNotTheDefault() {
    ConvolutionBlock plain = block(4).build();
    ConvolutionBlock other = block(4).bias(false).trained(false).build();
    String before = json(plain);
    assertThat(before).doesNotContainIgnoringCase("biasFree", "\"hasBias", "frozen", "trained");
    assertThat(read(before)).isEqualTo(plain);
    assertThat(json(other)).contains("biasFree").contains("frozen");
    assertThat(read(json(other))).isEqualTo(other);
  }

  private static String json(ConvolutionBlock block) {
    return new NeuralNetConfiguration.Builder().layer(block).build().toJson();
  }

  private static ConvolutionBlock read(String json) {
    return (ConvolutionBlock) NeuralNetConfiguration.fromJson(json).getLayer();
  }
}
