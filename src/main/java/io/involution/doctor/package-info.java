/** Checks on the driver and on every executor whether a run would work, and what to change. */
package io.involution.doctor;
