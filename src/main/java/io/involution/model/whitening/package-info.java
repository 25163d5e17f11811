/** The filters that whiten the patches of the training images. */
package io.involution.model.whitening;
