package io.involution.cuda.update;

import io.involution.optimizer.Muon;
import java.util.List;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * How some of a network's parameters are changed.
 *
 * @param rule which of the kernel's rules
 * @param updater its settings and its step size
 * @param decay decoupled weight decay; null for none
 * @param l2 weight decay in the gradient; null for none
 */
record UpdateWay(Rule rule, IUpdater updater, WeightDecay decay, L2Regularization l2) {
  /** Numbers of a way in a step, as update.cuh has them. */
  static final int NUMBERS = 8;

  private static final int RATE = 0;
  private static final int DECAY = 1;
  private static final int L2 = 2;
  private static final int FIRST = 3;
  private static final int FIRST_REST = 4;
  private static final int SECOND = 5;
  private static final int SECOND_REST = 6;
  private static final int EPSILON = 7;

  /** The kernel's rules, in its order. */
  enum Rule {
    /** Parameters that no gradient changes. */
    NOTHING,
    /** Adam, with two moments. */
    ADAM,
    /** SGD with Nesterov momentum, with a velocity. */
    NESTEROVS,
    /** Plain SGD, without a state. */
    SGD,
    /** Muon, with a velocity. */
    MUON
  }

  /**
   * The way of a parameter.
   *
   * @param regularizations null for none
   * @throws IllegalArgumentException when the kernels do not know it, saying what it has
   */
  static UpdateWay of(IUpdater updater, List<Regularization> regularizations) {
    WeightDecay decay = null;
    L2Regularization l2 = null;
    List<Regularization> all = regularizations == null ? List.of() : regularizations;
    for (Regularization one : all) {
      if (one instanceof WeightDecay found && decay == null) {
        decay = found;
      } else if (one instanceof L2Regularization found && l2 == null) {
        l2 = found;
      } else {
        throw new IllegalArgumentException("the regularization " + regularizations);
      }
    }
    return new UpdateWay(rule(updater), updater, decay, l2);
  }

  private static Rule rule(IUpdater updater) {
    if (updater instanceof Adam) {
      return Rule.ADAM;
    }
    if (updater instanceof Nesterovs) {
      return Rule.NESTEROVS;
    }
    if (updater instanceof Sgd) {
      return Rule.SGD;
    }
    if (updater instanceof Muon) {
      return Rule.MUON;
    }
    throw new IllegalArgumentException("the updater " + updater);
  }

  /**
   * Its numbers in a step: for Adam the step size with its bias corrections, {@code rate * sqrt(1 -
   * beta2^t) / (1 - beta1^t)}, otherwise the step size; the share of a parameter that is
   * subtracted, and the share that is added to its gradient; the rule's own.
   *
   * @param iteration steps that the updater's state has seen
   * @param epoch DL4J's counter of epochs, by which schedules count too
   * @param into takes them
   * @param at index of the first
   */
  void numbers(int iteration, int epoch, float[] into, int at) {
    double rate = updater.getLearningRate(iteration, epoch);
    into[at + RATE] = (float) rate;
    if (decay != null) {
      double coefficient = decay.getCoeff().valueAt(iteration, epoch);
      into[at + DECAY] = (float) (decay.isApplyLR() ? rate * coefficient : coefficient);
    }
    if (l2 != null) {
      into[at + L2] = (float) l2.getL2().valueAt(iteration, epoch);
    }
    if (updater instanceof Nesterovs nesterovs) {
      double momentum = nesterovs.currentMomentum(iteration, epoch);
      into[at + FIRST] = (float) momentum;
      into[at + FIRST_REST] = (float) (1 + momentum);
    }
    if (updater instanceof Muon muon) {
      into[at + FIRST] = (float) muon.momentum();
    }
    if (updater instanceof Adam adam) {
      double first = 1 - StrictMath.pow(adam.getBeta1(), iteration + 1.0);
      double second = 1 - StrictMath.pow(adam.getBeta2(), iteration + 1.0);
      into[at + RATE] = (float) (rate * Math.sqrt(second) / first);
      into[at + FIRST] = (float) adam.getBeta1();
      into[at + FIRST_REST] = (float) (1 - adam.getBeta1());
      into[at + SECOND] = (float) adam.getBeta2();
      into[at + SECOND_REST] = (float) (1 - adam.getBeta2());
      into[at + EPSILON] = (float) adam.getEpsilon();
    }
  }
}
