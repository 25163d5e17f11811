package io.involution.train;

/**
 * What local steps have counted, each minibatch before its own step.
 *
 * @param lossSum sum over the examples, without penalties
 * @param correct examples whose class was the most probable one
 */
public record StepSums(double lossSum, int correct) {}
