-- name: keep_recipe
-- Keep what the AI is asked with under its hash; the same again changes nothing.
INSERT INTO grading_recipes (sha256, recipe) VALUES ($1, $2::jsonb) ON CONFLICT (sha256) DO NOTHING;

-- name: recipe_of
-- What grading $2 of a session is to be made with; nothing where each grader goes by its own settings.
SELECT k.recipe
FROM gradings g
INNER JOIN regrades r ON r.id = g.regrade_id
INNER JOIN grading_recipes k ON k.sha256 = r.recipe_sha256
WHERE g.session_id = $1 AND g.grading_version = $2;
