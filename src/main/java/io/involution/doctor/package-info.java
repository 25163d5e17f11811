/** Whether a run would work, and what to change where it would not: checks that change nothing. */
package io.involution.doctor;
