/** The commands of the job and their flags: command-line parsing and nothing else. */
package io.involution.cli;
