"""What `anime-style` can be told to do: modules with flags and `main()`, loaded when named."""

# Name -> (module below `anime_style_tf`, what it does). `main()` returns an exit code or None.
COMMANDS = {
    "train": ("commands.train", "portraits to a style space, a generator, figures, a served model"),
    "convert": ("commands.convert", "folders, archives and tables of artworks to records"),
    "inspect": ("commands.inspect_records", "what a set of records holds: counts, contact sheets"),
    "review": ("commands.review", "a page on which to reject portraits of a set"),
    "verify": ("commands.verify_records", "everything that is wrong with a set of records"),
    "diff": ("commands.diff_records", "what differs between two sets of records"),
    "export-records": ("commands.export_records", "records back to pictures"),
    "embed": ("commands.embed", "style codes of pictures, as Parquet"),
    "query": ("commands.query", "works like a picture, and who drew it"),
    "enroll": ("commands.enroll", "an artist more, from a few works, without training"),
    "draw": ("commands.draw", "new portraits, transfers, grids, sliders, edits"),
    "export": ("commands.export_models", "a trained run as SavedModels, once more"),
    "serve": ("commands.serve", "an exported model over REST and gRPC, with a page to explore it"),
}
