package io.involution.report.run;

/**
 * A picture that a model classified wrongly.
 *
 * @param picture the picture with its class
 * @param prediction the class that the model took it for
 * @param probability the model's, of that class
 */
public record Mistake(Picture picture, int prediction, double probability) {}
