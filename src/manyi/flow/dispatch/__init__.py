"""Stage 6, dispatch: who has to be asked comes in; the ledger of who was asked, with personal links, goes out."""
