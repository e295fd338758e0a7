-- How many answers have their result in the table; the same words for ours and for the Node peer.
SELECT count(*)
FROM answers a
INNER JOIN results r ON r.answer_id = a.id
WHERE a.evaluation_state = 'scored';
