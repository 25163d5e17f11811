/** Sends a run to TensorBoard event files and to an MLflow server. */
package io.involution.tracking;
