"""The look: quiet warm greys, one green-blue accent, the system's own fonts (nothing is fetched)."""

from gradio.themes import Base
from gradio.themes.utils import colors, sizes

ACCENT = colors.Color(
    name="easel",
    c50="#eef7f5",
    c100="#d5ebe6",
    c200="#aed7cf",
    c300="#7fbdb2",
    c400="#4f9f92",
    c500="#2f8375",
    c600="#236a5f",
    c700="#1d554d",
    c800="#19443e",
    c900="#163934",
    c950="#0a201d",
)
FONTS = ("ui-sans-serif", "system-ui", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


def make_theme() -> Base:
    theme = Base(
        primary_hue=ACCENT,
        secondary_hue=ACCENT,
        neutral_hue=colors.stone,
        radius_size=sizes.radius_lg,
        spacing_size=sizes.spacing_md,
        text_size=sizes.text_md,
        font=FONTS,
        font_mono=("ui-monospace", "Consolas", "monospace"),
    )
    return theme.set(
        body_background_fill="#faf9f7",
        body_background_fill_dark="#171614",
        background_fill_primary="white",
        background_fill_primary_dark="#211f1d",
        background_fill_secondary="#f3f1ed",
        background_fill_secondary_dark="#1b1a18",
        border_color_primary="#e4e0d9",
        border_color_primary_dark="#3a3733",
        block_background_fill="white",
        block_background_fill_dark="#211f1d",
        block_border_width="1px",
        block_shadow="none",
        block_label_background_fill="white",
        block_label_background_fill_dark="#211f1d",
        block_title_text_weight="550",
        block_info_text_color="#78716c",
        block_info_text_color_dark="#a8a29e",
        body_text_color_subdued="#706a63",
        body_text_color_subdued_dark="#a8a29e",
        input_background_fill="#faf9f7",
        input_background_fill_dark="#191816",
        color_accent="#2f8375",
        color_accent_soft="#eef7f5",
        button_primary_background_fill="#2a776a",
        button_primary_background_fill_hover="#236a5f",
        button_primary_background_fill_dark="#2f8375",
        button_primary_background_fill_hover_dark="#37988a",
        button_primary_text_color="white",
        button_secondary_background_fill="white",
        button_secondary_background_fill_hover="#f3f1ed",
        button_secondary_background_fill_dark="#2a2825",
        button_secondary_background_fill_hover_dark="#35322e",
        button_secondary_border_color="#d6d1c9",
        button_secondary_border_color_dark="#46423d",
        button_border_width="1px",
        checkbox_label_background_fill="#f3f1ed",
        checkbox_label_background_fill_hover="#eae6df",
        checkbox_label_background_fill_selected="#eef7f5",
        checkbox_label_background_fill_selected_dark="#1d3b36",
        button_transform_hover="none",
        button_large_text_weight="600",
    )
