package io.involution.cli;

import io.involution.config.InvolutionOptions;
import io.involution.config.Places;
import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.train.EpochPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that decides a run's result, as text by name: equal identities give equal bits, and a run can
 * only go on where the identity is the same.
 *
 * @param values the texts
 */
record RunIdentity(Map<String, String> values) {

  /**
   * What the options only name.
   *
   * @param data the data's fingerprint
   * @param initSha256 digest of the model file that training starts from, where there is one
   * @param devices what the workers compute on
   */
  record Facts(DataFingerprint data, Optional<String> initSha256, List<String> devices) {
    /** Such as {@code cpu}: their numbers do not matter. */
    private Set<String> deviceKinds() {
      return devices.stream()
          .map(device -> device.replaceAll(":.*", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The identity of a run. */
  static RunIdentity of(TrainOptions options, EpochPlan plan, Facts facts) {
    DataFingerprint data = facts.data();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("job_version", JobVersion.version());
    values.put("job_commit", JobVersion.commit());
    values.put("model", options.model().word());
    values.put("data_sha256", data.sha256());
    values.put("train_examples", String.valueOf(plan.examples()));
    values.put("test_examples", String.valueOf(data.testExamples()));
    values.put("validation", String.valueOf(options.validation()));
    values.put("epochs", String.valueOf(options.epochs()));
    values.put("workers", String.valueOf(plan.workers()));
    values.put("batch_size_per_worker", String.valueOf(plan.batchSizePerWorker()));
    values.put("averaging_period", String.valueOf(plan.averagingPeriod()));
    Networks.involution(options).ifPresent(shape -> put(values, shape));
    values.put("trainer", options.trainer().word());
    values.put("learning_rate", String.valueOf(options.learningRate()));
    values.put("seed", String.valueOf(options.seed()));
    values.put("init_sha256", facts.initSha256().orElse(""));
    values.put("device", String.join(", ", facts.deviceKinds()));
    return new RunIdentity(values);
  }

  /** Not for a network without involutions: they do not decide its result. */
  private static void put(Map<String, String> values, InvolutionOptions involution) {
    values.put("kernel_size", String.valueOf(involution.kernelSize()));
    values.put("groups", String.valueOf(involution.groups()));
    values.put("reduction_ratio", String.valueOf(involution.reductionRatio()));
    values.put("stride", String.valueOf(involution.stride()));
  }

  /** The options as run.json shows them: what was asked for, without secrets. */
  static Map<String, Object> shown(TrainOptions options, String out) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("model", options.model().word());
    shown.put("data", Places.shown(options.data()));
    shown.put("out", out);
    shown.put("epochs", options.epochs());
    shown.put("validation", options.validation());
    shown.put("batch_size", options.batchSize());
    shown.put("batch_size_per_worker", options.batchSizePerWorker().orElse(null));
    shown.put("workers", options.workers().orElse(null));
    shown.put("averaging_period", period(options));
    shown.put("kernel_size", options.involution().kernelSize());
    shown.put("groups", options.involution().groups());
    shown.put("reduction_ratio", options.involution().reductionRatio());
    shown.put("stride", options.involution().stride());
    shown.put("device", options.device().word());
    shown.put("trainer", options.trainer().word());
    shown.put("init", options.init().map(Places::shown).orElse(null));
    shown.put("learning_rate", options.learningRate());
    shown.put("seed", options.seed());
    shown.put("train_limit", options.trainLimit().orElse(null));
    shown.put("test_limit", options.testLimit().orElse(null));
    shown.put("checkpoint_every", options.checkpointEvery().word());
    shown.put("images", options.report().images());
    shown.put("tensorboard", options.report().tensorboard());
    shown.put("mlflow", options.report().mlflow().map(Places::shown).orElse(null));
    return shown;
  }

  private static Object period(TrainOptions options) {
    return options.averagingPeriod().isPresent() ? options.averagingPeriod().get() : "epoch";
  }
}
