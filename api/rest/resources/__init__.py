"""The operator's resources (REST specification section 2): one module each, over the engine that SOAP uses too."""
