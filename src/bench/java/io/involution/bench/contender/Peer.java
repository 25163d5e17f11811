package io.involution.bench.contender;

import java.util.List;

/** A library in which the networks can be trained, each in one or several formulations. */
public interface Peer {
  /** Names of the formulations of the options' network, at least one. */
  List<String> formulations(ContenderOptions options);

  /** Builds the network in one formulation, with fresh initial weights. */
  Training start(ContenderOptions options, String formulation);
}
