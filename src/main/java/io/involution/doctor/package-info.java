/** The doctor command: checks on the driver and on every executor whether a run would work. */
package io.involution.doctor;
