import numpy as np
from scipy.sparse import csr_array

from pairing.candidates.support import standing, supported


def test_an_entry_stands_out_by_its_lead_over_the_end_of_its_list():
    scores = np.array([[0.8, 0.6, 0.4], [0.5, 0.5, 0.5], [0.4, 0.0, 0.0], [0.0, 0.0, 0.0]], np.float32)
    expected = [[0.5, 0.25, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    assert np.allclose(standing(scores), expected)


def test_a_third_language_makes_a_candidate_of_what_shares_no_word():
    direct = csr_array(np.array([[0.3, 0.0]], np.float32))
    towards, onwards = csr_array(np.array([[1.0]], np.float32)), csr_array(np.array([[0.0, 0.9]], np.float32))
    assert np.allclose(supported(direct, [(towards, onwards)]).toarray(), [[0.3, 0.9]])
    assert np.allclose(supported(direct, []).toarray(), [[0.3, 0.0]])
