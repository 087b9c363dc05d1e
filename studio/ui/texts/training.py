"""Words of the wizard of trainings: pictures, their check, what to make, how long."""

# ruff: noqa: RUF001 (Chinese has its own commas)

TRAINING: dict[str, tuple[str, str]] = {
    "check.usable": ("{count} of {total} pictures will be used", "共 {total} 张，将使用 {count} 张"),
    "check.left_out": ("Left out: {reasons}.", "未采用：{reasons}。"),
    "check.made": ("{count} say themselves that a model made them.", "其中 {count} 张自带由模型生成的标记。"),
    "check.none": ("None can be used; put some back, or add others.", "没有可用的图片；请放回一些，或另行添加。"),
    "check.few": (
        "It works with these, but {count} or more give better results.",
        "可以训练，但 {count} 张以上效果更好。",
    ),
    "check.thin": (
        "A thin set: {count} or more give better results. Mirrored copies are used by themselves; add photos with "
        "other light, angles and expressions, or let the face model draw supplements after yours.",
        "图片较少：{count} 张以上效果更好。镜像副本会自动使用；"
        "请添加不同光线、角度和表情的照片，或让人脸模型据此补画一些。",
    ),
    "reason.unreadable": ("cannot be read", "无法读取"),
    "reason.small": ("too small", "过小"),
    "reason.dark": ("too dark", "过暗"),
    "reason.blurred": ("blurred", "模糊"),
    "reason.faceless": ("no face found", "没有找到人脸"),
    "reason.copy": ("a copy of another", "与另一张重复"),
    "train.step1": ("1  Pictures", "1  图片"),
    "train.step2": ("2  Check", "2  检查"),
    "train.step3": ("3  What to make", "3  制作内容"),
    "train.step4": ("4  Speed or quality", "4  速度与质量"),
    "train.goal": ("What the pictures are to become", "用这些图片制作"),
    "goal.person": ("Faces of one person", "某一个人的人脸"),
    "goal.look": ("Faces of a look", "某种风貌的人脸"),
    "goal.scratch": ("Small pictures of anything, from nothing (64 px)", "任意内容的小图，从零开始（64 像素）"),
    "goal.art": ("Painting styles", "绘画风格"),
    "goal.repair": ("Repair for my kind of pictures", "适合我这类图片的修补"),
    "goal.restore": ("Cleaning for my kind of pictures: noise, blocks, blur", "适合我这类图片的清理：噪点、块状、模糊"),
    "goal.codec": ("Compression for my kind of pictures", "适合我这类图片的压缩"),
    "plan.plain": ("{count} pictures: the usual settings.", "{count} 张图片：使用常规设置。"),
    "plan.person": (
        "{count} pictures of one person: the model learns to draw exactly these, without a critic, and random faces "
        "keep close to them. It cannot collapse; the more the photos differ, the livelier the faces.",
        "{count} 张同一个人的图片：模型不用判别器，直接学习画出这些照片，随机人脸会贴近它们。"
        "这样不会崩溃；照片差异越大，人脸越生动。",
    ),
    "plan.handful": (
        "{count} pictures are a handful: the model learns to draw just these, without a critic. Ten or more make "
        "sharper and more varied faces.",
        "只有 {count} 张图片：模型不用判别器，只学习画出它们。十张以上会更清晰、更多样。",
    ),
    "plan.tens": (
        "{count} pictures of a look: what knows how faces are built stays as it is, the rest learns slowly and is held "
        "near what it was. If the faces grow alike, the training goes back by itself.",
        "{count} 张同一风貌的图片：懂得人脸结构的层保持不变，其余缓慢学习并接近原状。"
        "如果人脸变得雷同，训练会自动退回。",
    ),
    "plan.hundreds": (
        "{count} pictures: the lower layers stay at first and learn along in the second half. If the faces grow alike, "
        "the training goes back by itself.",
        "{count} 张图片：底层先保持不变，后半程再一起学习。如果人脸变得雷同，训练会自动退回。",
    ),
    "plan.many": ("{count} pictures: enough for all layers to learn.", "{count} 张图片：足以让所有层一起学习。"),
    "plan.scratch": (
        "{count} pictures, from nothing: first the model learns to draw them again, then a critic teaches it to make "
        "new ones. Hundreds of pictures and a long run are worth it.",
        "{count} 张图片，从零开始：模型先学习重画它们，再由判别器教它画新的。最好有数百张图片并长时间训练。",
    ),
    "train.effort": ("Effort", "训练量"),
    "train.effort_info": (
        "More effort gives better results; you can pause at any time.",
        "训练越久效果越好；可随时暂停。",
    ),
    "train.effort.short": ("Short", "短"),
    "train.effort.medium": ("Medium", "中"),
    "train.effort.long": ("Long", "长"),
    "probe.go": ("Measure how long it takes here (10 s)", "测量在本机所需时间（10 秒）"),
    "probe.rate": ("{rate} pictures a second on this computer now:", "本机当前每秒 {rate} 张图片："),
    "probe.time": ("{time} for {images} pictures seen", "{time}，共看 {images} 张"),
    "probe.minutes": ("about {count} min", "约 {count} 分钟"),
    "probe.hours": ("about {count} h", "约 {count} 小时"),
    "probe.honest": (
        "Measured with real steps of this training; other programs slow it down.",
        "由此训练的真实步骤测得；其他程序会使其变慢。",
    ),
    "check.go": ("Check the pictures", "检查图片"),
    "check.used": ("Used: click one to take it out", "将使用：点击可移除"),
    "check.out": ("Left out: click one to put it back", "未采用：点击可放回"),
    "check.removed": ("taken out", "已移除"),
    "check.marks": ("Mark pictures with words of your own", "用自己的词标记图片"),
    "check.marks_info": (
        "Optional. Ten marked pictures or more, some that have it and some that have not, give the face model a slider "
        "of that name. The pictures without a mark help along.",
        "可选。标记十张以上图片，有的具备、有的不具备，人脸模型就会得到同名滑块。未标记的图片也有帮助。",
    ),
    "check.mode": ("A click on a picture that is used", "点击将使用的图片时"),
    "check.mode.out": ("takes it out", "移除"),
    "check.mode.has": ("marks: has it", "标记：有"),
    "check.mode.has_not": ("marks: has it not", "标记：没有"),
    "check.word": ("Word", "词"),
    "check.marked": ("“{word}”: {has} have it, {has_not} have it not.", "“{word}”：{has} 张有，{has_not} 张没有。"),
    "check.options": ("Clean and widen", "清理与扩充"),
    "prepare.denoise": ("Noise to smooth", "要平滑的噪点"),
    "prepare.denoise_info": ("In levels of 255; 0 leaves the pictures as they are.", "以 255 级计；0 表示保持原样。"),
    "prepare.equalise": ("Equal light", "均匀光线"),
    "prepare.equalise_info": ("How far dark and light pictures are made alike.", "使明暗不同的图片趋于一致的程度。"),
    "prepare.supplements": ("Faces drawn by the model to widen a thin set", "由模型补画的人脸"),
    "prepare.supplements_info": (
        "Drawn after yours and marked as such in their files; for faces only.",
        "依据你的照片绘制，并在文件中注明；仅用于人脸。",
    ),
    "prepare.model": ("Drawn by", "由哪个模型补画"),
    "prepare.model_info": (
        "A GAN draws them sharp, a VAE soft and nearer to yours; Create, Compare shows both.",
        "GAN 画得清晰，VAE 较柔和但更接近原照片；可在“创作 › 对比”中查看。",
    ),
    "set.images": ("Pictures seen", "所看图片数"),
    "help.images": ("How long the training is; each picture is seen many times.", "训练的长度；每张图片会看多次。"),
    "set.focus": ("Focus", "集中度"),
    "help.focus": (
        "0: random faces as varied as before; 1: only what lies between your pictures.",
        "0：随机人脸与之前一样多样；1：只在你的图片之间。",
    ),
    "set.freeze": ("Frozen stages, px", "冻结的层（像素）"),
    "help.freeze": (
        "Layers for smaller sizes stay as they are; 0 lets all learn.",
        "更小尺寸的层保持不变；0 表示全部学习。",
    ),
    "set.thaw": ("Thaw", "解冻时刻"),
    "help.thaw": ("Share of the run after which frozen layers learn too.", "训练进行到该比例后，冻结的层也开始学习。"),
    "set.anchor": ("Anchor", "锚定"),
    "help.anchor": ("Pulls all weights towards those it started from.", "把所有权重拉向起始模型。"),
    "set.augment": ("Augmentation", "增强"),
    "help.augment": (
        "Share of pictures that the critic sees shifted and in other colours.",
        "判别器看到的图片中被平移、变色的比例。",
    ),
    "set.variety": ("Least variety", "最低多样性"),
    "help.variety": (
        "Of your pictures' own; below it the training goes back. 0 switches the watch off.",
        "相对于你的图片；低于该值时训练会退回。0 表示不监视。",
    ),
    "recipe.restore": ("Cleaning", "清理"),
    "recipe.scratches": ("Filling scratches", "填补划痕"),
    "recipe.damage": ("Finding damage", "查找损伤"),
    "recipe.anystyle": ("Any style", "任意风格"),
    "recipe.converter": ("Conversion", "转换"),
    "recipe.codec": ("Compression", "压缩"),
    "recipe.vae": ("Autoencoder", "自编码器"),
}
