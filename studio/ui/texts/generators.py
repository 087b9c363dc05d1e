"""Words of the section Compare: a GAN and a VAE of faces."""

# ruff: noqa: RUF001 (Chinese has its own commas)

GENERATORS: dict[str, tuple[str, str]] = {
    "create.generators": ("Compare", "对比"),
    "generators.about_gan": (
        "The **GAN** learnt portraits against a judge that tells drawn faces from photos. Every detail has to look "
        "real, so it is sharp, and now and then slips: smears, odd teeth, half a pair of glasses.",
        "**GAN** 与一个分辨“画出的脸”和照片的判别器对抗，学习肖像：每个细节都要像真的，因此清晰，但偶尔出错，"
        "例如污渍、奇怪的牙齿、半副眼镜。",
    ),
    "generators.about_vae": (
        "The **VAE** learnt to redraw the same portraits from a short list of numbers. It seldom slips and stays "
        "closer to a photo, but paints the average of all it cannot be sure of, and an average is soft.",
        "**VAE** 学习用一小串数字重画同样的肖像：很少出错，也更接近照片，但对无法确定的部分只能画出平均值，"
        "而平均值是柔和模糊的。",
    ),
    "generators.go": ("Compare them", "开始对比"),
    "generators.empty": (
        '<div class="ez-empty"><strong>Nothing to compare yet</strong>Press “Compare them”: both networks draw '
        "from the same seeds.</div>",
        '<div class="ez-empty"><strong>还没有对比</strong>按“开始对比”：两个网络使用相同的种子。</div>',
    ),
    "generators.missing": (
        "There is no VAE yet: import one, or train one with the recipe `vae`.",
        "还没有 VAE：请导入一个，或用训练方案 `vae` 训练一个。",
    ),
    "generators.count": ("Faces of each", "各生成几张"),
    "generators.variety": ("Variety", "多样性"),
    "generators.variety_info": ("0: the average face. 1: as varied as the data.", "0：平均脸；1：与数据同样多样。"),
    "generators.end": ("Seed at the end of the way", "渐变终点的种子"),
    "generators.steps": ("Pictures on the way", "渐变的图片数"),
    "generators.gan": ("GAN", "GAN 模型"),
    "generators.vae": ("VAE", "VAE 模型"),
    "generators.photo": ("A photo of your own (optional)", "自己的照片（可选）"),
    "generators.use": ("Use the photo", "使用照片"),
    "generators.use_info": (
        "Both redraw its face. Without one they redraw the GAN's samples.",
        "两者都重画其中的人脸；不用照片时，重画 GAN 的样本。",
    ),
    "generators.which": ("Which face, if there are several", "若有多张脸，选第几张"),
    "generators.which_info": ("1 is the largest.", "1 为最大的一张。"),
    "generators.save": ("Download all pictures (zip)", "下载全部图片（zip）"),
    "generators.samples": ("Samples", "样本"),
    "generators.samples_info": (
        "Faces of people who do not exist, from the same random numbers: one column, one seed. Look at hair, teeth and "
        "glasses.",
        "并不存在的人脸，来自相同的随机数：同一列用同一种子。请留意头发、牙齿和眼镜。",
    ),
    "generators.reconstructions": ("Reconstructions", "重建"),
    "generators.of_photo": (
        "The face of your photo: each network looks at it once and draws it again. More dB is nearer to the photo.",
        "照片中的人脸：两个网络各看一眼再重画。dB 越高，越接近照片。",
    ),
    "generators.of_samples": (
        "Each network looks at a face once and draws it again; more dB is nearer. The faces are the GAN's samples from "
        "above, as there is no photo: sharper than what either can give back at a glance.",
        "两个网络各看一眼再重画；dB 越高越接近。没有照片时用上面 GAN 的样本：比任一网络看一眼所能画出的都更清晰。",
    ),
    "generators.interpolation": ("Interpolation", "渐变"),
    "generators.interpolation_info": (
        "From one face to another in even steps through each network's own numbers. A good generator shows a face all "
        "the way.",
        "在各网络自己的数字空间里，从一张脸均匀走到另一张。好的生成器一路都是人脸。",
    ),
    "generators.original": ("Original", "原图"),
    "generators.mean_db": ("{psnr} dB on average", "平均 {psnr} dB"),
    "generators.sharp_gan": ("Sharpness {share} % of the GAN's", "清晰度为 GAN 的 {share}%"),
    "generators.sharp_original": ("Sharpness {share} % of the original", "清晰度为原图的 {share}%"),
    "generators.sharp_info": (
        "Sharpness is the energy of fine edges (mean squared Laplacian), grain and smears included.",
        "清晰度指细小边缘的能量（拉普拉斯平方均值），颗粒和污渍也计算在内。",
    ),
}
