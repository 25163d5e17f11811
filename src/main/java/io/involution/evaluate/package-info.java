/** Evaluates a network on test examples, and collects what the report shows of it. */
package io.involution.evaluate;
