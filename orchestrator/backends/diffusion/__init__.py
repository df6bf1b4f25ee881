"""backends/diffusion"""
