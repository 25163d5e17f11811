/** CIFAR-10 in its binary layout: folders, archives, downloads, and the checks on them. */
package io.involution.data.cifar10;
