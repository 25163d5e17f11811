package io.involution.driver.input;

import io.involution.config.TrainOptions;
import io.involution.config.training.LearningRateOptions;
import io.involution.config.training.LearningRateOptions.Decay;
import io.involution.model.LearningRate;
import io.involution.model.network.LocalRule;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.state.GraphState;
import io.involution.model.state.ModelState;
import io.involution.model.state.ParameterLayout;
import io.involution.train.UpdaterSections;
import io.involution.train.outer.LogDeviations;
import io.involution.train.outer.OuterStep;
import io.involution.train.outer.TimeAverage;
import io.involution.train.time.Course;
import io.involution.train.time.EpochPlan;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * How a run's options change parameters: at the beginning, in local steps, and after a round.
 *
 * @param options the run's options
 * @param plan how an epoch is divided into rounds
 */
public record StepRules(TrainOptions options, EpochPlan plan) {

  /** Local steps that each worker takes in all epochs together. */
  long steps() {
    return new Course(plan, options.epochs()).steps();
  }

  /** The rule of the local steps. */
  LocalRule local() {
    LearningRateOptions rate = options.learningRate();
    double full = rate.rate().orElseThrow();
    double others = options.optimizer().otherLearningRate().orElse(full);
    return new LocalRule(options.optimizer(), learningRate(rate), learningRate(rate.with(others)));
  }

  /** The learning rate schedule of some settings, by local step. */
  LearningRate learningRate(LearningRateOptions rate) {
    long all = steps();
    Decay decay = rate.decay();
    boolean line = decay == Decay.LINEAR || decay == Decay.TRIANGULAR;
    return new LearningRate(
        rate.full((long) plan.batchSizePerWorker() * plan.workers()),
        rate.peak().isPresent()
            ? Math.round(rate.peak().get() * all)
            : Math.round(rate.warmupEpochs() * plan.stepsPerEpoch()),
        decay == Decay.COSINE ? all : 0,
        line ? all : 0,
        rate.start().orElse(0.0),
        rate.end().orElse(0.0));
  }

  /** The state that a network begins with. */
  public ModelState fresh(ComputationGraph graph) {
    return fresh(GraphState.capture(graph));
  }

  /** The same for a network that is built only for it. */
  public ModelState fresh(NetworkBlueprint network) {
    return fresh(GraphState.initial(network));
  }

  private ModelState fresh(ModelState initial) {
    return new UpdaterSections(options.averaging().updaterState()).initial(initial, plan.workers());
  }

  /**
   * From the mean of a round to the next model.
   *
   * @param layout where the network's parameters are
   */
  public OuterStep outer(ParameterLayout layout) {
    // A momentum that divides by the step size needs only its proportions: what a user's network
    // says itself may differ from layer to layer, and counts as constant.
    LearningRate rate = learningRate(options.learningRate());
    return TimeAverage.of(
        options.averaging().weightAverage(),
        OuterStep.of(options.averaging(), plan, rate, layout.blocks()),
        LogDeviations.of(layout),
        steps());
  }
}
