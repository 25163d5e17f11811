package io.involution.data;

import java.io.Serializable;

/**
 * Identifies the data that a run was trained on.
 *
 * @param dataset {@code cifar10} or {@code cifar100} (the official files, by their digests), the
 *     same with {@code -unverified} (same layout, other bytes), {@code folder}, {@code table}, or
 *     {@code synthetic}
 * @param location where it was read, without user information
 * @param sha256 digest over everything that was read
 * @param trainExamples number of training examples
 * @param testExamples number of test examples
 */
public record DataFingerprint(
    String dataset, String location, String sha256, int trainExamples, int testExamples)
    implements Serializable {}
