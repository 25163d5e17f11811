/** Failures that end a run with one line, and their exit codes. */
package io.involution.failure;
