-- How many questions the server has closed and committed by now, and that moment.
SELECT count(*) AS closed, clock_timestamp() AS now FROM answers WHERE how = 'expired';
