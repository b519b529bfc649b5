"""A page that makes the style space tangible, and the files that it shows.

`page/` is static: HTML, CSS and JavaScript modules, with what they use of others in
`page/vendor/`. A server gives it under `/`, and under `/explorer-data/` the folder that
`page_data.write_page_data` leaves in an exported bundle. Pictures come from the bundle's
signatures.
"""
