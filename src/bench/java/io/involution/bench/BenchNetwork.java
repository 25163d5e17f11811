package io.involution.bench;

import io.involution.model.network.NetworkKind;
import java.util.Locale;

/** The networks that are timed, with the sizes that every contender's copy must have. */
public enum BenchNetwork {
  /** Three convolutions. */
  CONVOLUTION(319_178, 0),
  /** Three involutions; the statistics are mean and variance of their batch normalizations. */
  INVOLUTION(13_074, 6);

  private final long trainable;
  private final long statistics;

  BenchNetwork(long trainable, long statistics) {
    this.trainable = trainable;
    this.statistics = statistics;
  }

  /** The numbers of parameters. */
  public NetworkSize size() {
    return new NetworkSize(trainable, statistics);
  }

  /** The network of that name. */
  public static BenchNetwork named(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** Name on the command line and in tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** This project's network of that name. */
  public NetworkKind kind() {
    return kindOf(label());
  }

  /** Any of this project's networks, by its name on the command line. */
  static NetworkKind kindOf(String label) {
    return NetworkKind.valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
