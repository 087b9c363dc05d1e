"""What files, pictures and tasks say when something goes wrong, in Chinese."""

# ruff: noqa: RUF001 (Chinese has its own commas)

SENTENCES: dict[str, str] = {
    # files and pictures
    "There is no room left to write {}; free some disk space and try again.": (
        "磁盘空间不足，无法写入 {0}；请释放一些空间后重试。"
    ),
    "{} cannot be the name of a file here; choose another name.": "此处不能使用文件名 {0}；请换一个名称。",
    "{} may not be written to; choose another folder for {}.": "没有权限写入 {0}；请为 {1} 另选文件夹。",
    "{} is not a picture that Easel reads; convert it to PNG, JPEG, WebP, TIFF, BMP or GIF.": (
        "{0:part}：不是 Easel 能读取的图片；请转换为 PNG、JPEG、WebP、TIFF、BMP 或 GIF。"
    ),
    "{} has 32-bit grey values; save it with 8 or 16 bits.": "{0:part}：灰度为 32 位；请以 8 位或 16 位保存。",
    "{} is {} x {} pixels but the picture is {} x {}; give a mask of the picture's size.": (
        "{0:part}：尺寸为 {1} x {2} 像素，而图片为 {3} x {4} 像素；请提供与图片同尺寸的蒙版。"
    ),
    '{} cannot be written as "{}"; use {}.': "{0:part}：不能保存为“{1}”格式；请使用 {2}。",
    "A quality of {} cannot be used for {}; choose 1 to 100.": "{1:part}：质量不能设为 {0}；请选择 1 到 100。",
    "{} has a side over the {} pixels that {} can hold; write a .png instead.": (
        "{0:part}：边长超过 {2} 格式的上限 {1} 像素；请改存为 .png。"
    ),
    "There is no picture in {}; choose PNG, JPEG, WebP, TIFF, BMP or GIF files.": (
        "{0} 中没有图片；请选择 PNG、JPEG、WebP、TIFF、BMP 或 GIF 文件。"
    ),
    "{} has {} x {} pixels ({} megapixels), over the limit of {} megapixels; make it smaller first.": (
        "{0:part}：尺寸为 {1} x {2} 像素（{3} 百万像素），超过 {4} 百万像素的上限；请先缩小。"
    ),
    "The settings are too long for {}; write a .png, or leave the settings out.": (
        "{0:part}：设置过长，无法写入该格式；请改存为 .png，或不保存设置。"
    ),
    "{} is empty (0 bytes); fetch or export it again.": "{0:part}：文件为空（0 字节）；请重新下载或导出。",
    "{} is a folder, not a picture; choose a file in it.": "{0} 是文件夹而不是图片；请选择其中的文件。",
    "{} is a device or pipe, not a picture; choose a file.": "{0} 是设备或管道而不是图片；请选择文件。",
    "{} does not exist; check the path.": "{0} 不存在；请检查路径。",
    "{} cannot be opened; check the path and its permissions.": "无法打开 {0}；请检查路径和权限。",
    "{} does not fit in memory; make it smaller and try again.": "{0:part}：内存放不下；请缩小后重试。",
    "{} holds a frame far larger than it says; export it again.": (
        "{0:part}：其中一帧远大于文件所声明的尺寸；请重新导出。"
    ),
    "{} is damaged, cut short or of a rare kind; fetch or export it again.": (
        "{0:part}：文件已损坏、不完整或类型罕见；请重新下载或导出。"
    ),
    "The name {} cannot be used; use up to {} lower-case letters, digits, - and _{}.": (
        "不能使用名称 {0}；最多 {1} 个字符，只用小写英文字母、数字、- 和 _{2:part}。"
    ),
    'There is no kind of device called "{}"; use auto, {}.': "没有名为“{0}”的设备类型；请使用 auto, {1}。",
    'This computer has no working "{}" device; use auto or cpu.': (
        "这台电脑上没有可用的“{0}”设备；请使用 auto 或 cpu。"
    ),
    "The models may not be changed here; start Easel without --read-only to do so.": (
        "此处不允许更改模型；如需更改，请在启动 Easel 时去掉 --read-only。"
    ),
    "The models may not be changed here; start Easel without --read-only to train.": (
        "此处不允许更改模型；如需训练，请在启动 Easel 时去掉 --read-only。"
    ),
    "{} trainings wait already; wait for one to end, or cancel one.": (
        "已有 {0} 个训练在排队；请等其中一个结束，或取消一个。"
    ),
    # tasks
    "JPEG's blocks are taken away by the network alone; choose the method net.": (
        "JPEG 块只能由神经网络去除；请选择方法 net。"
    ),
    "A picture under {} px a side cannot be judged; set noise, JPEG and blur yourself.": (
        "边长小于 {0} 像素的图片无法自动判断；请自行设置噪点、JPEG 和模糊。"
    ),
    "Every step is left out; choose at least one.": "所有步骤都被跳过；请至少选择一个。",
    "The setting '{}' is {}; it must be {}.": "设置“{0}”的值为 {1}；应为{2:part}。",
    "{} is too large to be enlarged {} times; choose one of at most {} x {} px, or a smaller factor.": (
        "{0:part}：过大，无法放大到 {1} 倍；请选择不超过 {2} x {3} 像素的图片，或更小的倍数。"
    ),
    "The upscaler needs a scale of 2 or 4, a crop size that 8 divides, and 0 to 0.5 of soften.": (
        "放大网络的倍数须为 2 或 4，裁剪边长须能被 8 整除，soften 须为 0 到 0.5。"
    ),
    "The codec needs crops of a size that {} divides, not {}.": "编解码器的裁剪边长须能被 {0} 整除，不能是 {1}。",
    "This file does not say how it was made; choose a face that Easel saved with its settings.": (
        "此文件没有记录制作方式；请选择由 Easel 连同设置保存的人脸。"
    ),
    "The face model '{}' remembers no training pictures; train it anew to have them.": (
        "人脸模型“{0}”没有记住训练图片；请重新训练。"
    ),
    "'{}' is no circle that may move; write X,Y,RADIUS in px of the face.": (
        "“{0}”不是可移动区域的圆；请以人脸的像素写成 X,Y,RADIUS。"
    ),
    "The circles that may move lie outside of the face, 0 to {} px; move them inside.": (
        "可移动区域的圆位于人脸之外（0 到 {0} 像素）；请移到人脸之内。"
    ),
    "There is already a slider '{}'; choose another name.": "已有滑块“{0}”；请换一个名称。",
    "{} faces have it and {} have it not; mark at least {} in all and 3 of each side.": (
        "{0} 张人脸有该特征，{1} 张没有；请总共至少标记 {2} 张，每边至少 3 张。"
    ),
    "These marks do not tell faces apart (AUC {}; needed is {}); mark more faces, or look at the marks again.": (
        "这些标记无法区分人脸（AUC 为 {0}，需要 {1}）；请标记更多人脸，或重新检查已有标记。"
    ),
    "This favourite is no longer there; open the page anew.": "该收藏已不存在；请重新打开页面。",
    "No favourite is chosen; choose the one to remove.": "没有选择收藏；请选择要移除的一个。",
    "The slider has no name yet; write one, such as beard.": "滑块还没有名称；请写一个，例如 beard。",
    "What is to be pasted is wholly transparent; choose a cut-out with something in it.": (
        "要粘贴的内容完全透明；请选择有内容的抠图。"
    ),
    "What is to be pasted lies outside of the picture; move it inside.": "要粘贴的内容位于图片之外；请移到图片之内。",
    "Too little is to be pasted for fitted colours; paste it larger, or as it is (normal).": (
        "要粘贴的内容太小，无法调整颜色；请放大后粘贴，或使用普通模式（normal）。"
    ),
    "{} has no mask in {}; name it {} with one of {}.": "{0} 在 {1} 中没有蒙版；请命名为 {2}，后缀为 {3} 之一。",
    "The box is too small to tell a thing in it; draw it around the whole thing.": (
        "方框太小，无法分辨物体；请框住整个物体。"
    ),
    "The box covers the whole picture; draw it around the thing alone.": "方框覆盖了整张图片；请只框住物体。",
    "Nothing in the box stands out from what is around it; paint it with the brush instead.": (
        "方框中没有与周围明显不同的物体；请改用画笔涂抹。"
    ),
    "The mask is empty; paint over what is to be cut out.": "蒙版为空；请涂抹要抠出的部分。",
    "There is nothing to paste yet; choose a cut-out, or cut one out.": (
        "还没有要粘贴的内容；请选择抠图，或先抠出一块。"
    ),
    "No side is to move out; set left, top, right or bottom.": "没有要扩展的边；请设置左、上、右或下。",
    "The picture would have {} x {} px, more than Easel can save; move its sides out by less.": (
        "图片将达到 {0} x {1} 像素，超出 Easel 可保存的大小；请减少扩展量。"
    ),
    "Nothing is to be enhanced; set white balance, fading, noise, JPEG, blur or contrast.": (
        "没有要增强的内容；请设置白平衡、褪色、噪点、JPEG、模糊或对比度。"
    ),
    "The model '{}' is for {}, not for {}; models for {}: {}.": (
        "模型“{0}”用于 {1}，不能用于 {2}；可用于 {3} 的模型：{4:part}。"
    ),
    "There is not enough memory for this; close other programs, or use a smaller picture, and try again.": (
        "内存不足；请关闭其他程序，或使用较小的图片，然后重试。"
    ),
    "The mask covers all that can be seen; leave some of the picture for the repair to learn from.": (
        "蒙版遮住了全部可见内容；请留下一部分图片供修复参考。"
    ),
    "The mask is {} px and the picture {} x {} px; draw a mask of the picture's size.": (
        "蒙版为 {0} 像素，而图片为 {1} x {2} 像素；请绘制与图片同尺寸的蒙版。"
    ),
    "The mask holds {} values; give True where the picture is to be filled.": (
        "蒙版的数值类型为 {0}；请以 True 标出要填充之处。"
    ),
    "The mask is empty; paint over what is to be filled.": "蒙版为空；请涂抹要填充的部分。",
    "The model '{}' has no style '{}'; choose one of: {}.": "模型“{0}”没有风格“{1}”；请从以下选择：{2}。",
    # steering faces
    "'{}' is no point to drag; write FROM>TO as X,Y>X,Y in px of the face.": (
        "“{0}”不是可拖动的点；请写成 起点>终点，即 X,Y>X,Y，单位为人脸图片的像素。"
    ),
    "The point '{}' lies outside of the face, 0 to {} px; move it inside.": (
        "点“{0}”在人脸图片（0 到 {1} 像素）之外；请移到图内。"
    ),
    "No point is dragged; give at least one as X,Y>X,Y.": "没有要拖动的点；请至少给出一个，写成 X,Y>X,Y。",
    "'{}' is no slider; write NAME=AMOUNT, such as form-1=2.": "“{0}”不是滑块；请写成 名称=数值，例如 form-1=2。",
    "There is no slider '{}'; there are {}.": "没有滑块“{0}”；可用的有 {1}。",
    "The slider '{}' is {}; choose from {} to {}.": "滑块“{0}”的值为 {1}；请选择 {2} 到 {3}。",
    "'{}' is no landmark; write left_eye=X,Y right_eye=X,Y nose=LENGTH mouth=WIDTHxHEIGHT size=SIDE.": (
        "“{0}”不是关键点；请写成 left_eye=X,Y right_eye=X,Y nose=长度 mouth=宽x高 size=边长。"
    ),
    "The landmarks lie outside of the picture, 0 to {} px; move them inside, or set size.": (
        "关键点在图片（0 到 {0} 像素）之外；请移到图内，或设置 size。"
    ),
    "The face's code does not belong to this model (code); use one that the same model wrote.": (
        "人脸代码与此模型不符（code）；请使用同一模型写出的代码。"
    ),
    "The seed {} is too large; choose one from 0 to {}.": "种子 {0} 过大；请选择 0 到 {1}。",
    "There is no face to steer yet; make some and choose one.": "还没有可调整的人脸；请先生成并选择一张。",
    "The points arrived damaged; set them anew.": "点的数据已损坏；请重新设置。",
    "No point is set; draw an arrow on the face, or move its landmarks.": (
        "尚未设置任何点；请在脸上画箭头，或移动关键点。"
    ),
    "A walk goes through 2 to {} faces, here are {}; give their seeds or codes.": (
        "漫游需经过 2 到 {0} 张脸，现有 {1} 张；请给出它们的种子或代码。"
    ),
    "None of these words is known here: {}; describe the face, its age or hair.": (
        "这里不认识这些词：{0}；请描述人脸、年龄或头发。"
    ),
    "These words ask for nothing that a face can show: {}; describe the face.": (
        "这些词没有提出脸上可见的要求：{0}；请描述人脸。"
    ),
    "The face model '{}' does not follow words; choose another model.": (
        "人脸模型“{0}”不支持文字描述；请换用其他模型。"
    ),
    "No face was found in {}; choose a photo in which one looks towards the camera.": (
        "{0:part}：没有找到人脸；请选择有人正对镜头的照片。"
    ),
    "There are {} faces in {}; say which, 1 being the largest (which).": (
        "{1:part}：有 {0} 张脸；请指明哪一张，1 为最大的一张（which）。"
    ),
    "The face in {} is only {} px wide; choose a larger picture of it.": (
        "{0:part}：人脸仅宽 {1} 像素；请选择更大的图片。"
    ),
    "The chosen face is not that of the photo; find the photo's face again.": (
        "所选的脸不是照片中的脸；请重新查找照片中的人脸。"
    ),
    "{} has only {} x {} px; an example needs at least {} px a side.": (
        "{0:part}：只有 {1} x {2} 像素；作为样例，每边至少需要 {3} 像素。"
    ),
    "{} has only {} x {} px; choose one of at least {} px a side.": (
        "{0:part}：只有 {1} x {2} 像素；请选择每边至少 {3} 像素的图片。"
    ),
    "Too little of the example can be seen; choose a picture with less that is transparent.": (
        "样例中可见的部分太少；请选择透明部分较少的图片。"
    ),
    "'{}' is no row of colours; write two or more as #rrggbb, from dark to light.": (
        "“{0}”不是一组颜色；请写两个以上的 #rrggbb，由深到浅。"
    ),
    # the codec
    "{} is not a file that Easel compressed; choose one that ends in .easel.": (
        "{0} 不是由 Easel 压缩的文件；请选择以 .easel 结尾的文件。"
    ),
    "{} was compressed by a newer Easel; update Easel to open it.": (
        "{0} 由更新版本的 Easel 压缩；请更新 Easel 后再打开。"
    ),
    "{} is damaged or cut short; fetch or compress it again.": "{0} 已损坏或不完整；请重新获取或压缩。",
    "{} is too large for a compressed picture; choose one that ends in {}.": (
        "{0} 太大，不像压缩图片；请选择以 {1} 结尾的文件。"
    ),
    "The file {} cannot be read; check the path.": "无法读取文件 {0}；请检查路径。",
    "{} was compressed with the codec model {}, which is not here; import that model.": (
        "{0} 是用编解码模型 {1} 压缩的，这里没有该模型；请导入它。"
    ),
    "The codec's weights are too large to decode the same everywhere; train or import another.": (
        "该编解码模型的权重过大，无法在各处得到相同的解码结果；请训练或导入另一个模型。"
    ),
    # the page
    "The uploaded file is no longer there; choose it again.": "上传的文件已不存在；请重新选择。",
    "The pictures could not be kept; free some disk space and try again.": "图片无法保存；请释放一些磁盘空间后重试。",
    "There is nothing called '{}' to train; choose one of {}.": "没有可训练的“{0}”；请从以下选择：{1}。",
    "{} pictures are too few for this; add some, at least {} are needed.": (
        "{0} 张图片太少；请再添加，至少需要 {1} 张。"
    ),
    "The speed could not be measured; close other programs, or lower the batch.": (
        "无法测量速度；请关闭其他程序，或调低批大小。"
    ),
    "The pictures are not checked yet; check them first.": "图片尚未检查；请先检查。",
    "There is no word to mark pictures with; write one, such as beard.": (
        "还没有用来标记图片的词；请写一个，例如 beard。"
    ),
    "This file cannot be read, so it cannot be used; fetch or export it again.": (
        "无法读取此文件，因此不能使用；请重新下载或导出。"
    ),
    "There is no effort '{}'; choose one of {}.": "没有训练量“{0}”；请从以下选择：{1}。",
    "Folders can be given on the studio's own computer only; upload the pictures.": (
        "只有在运行工作室的电脑上才能指定文件夹；请上传图片。"
    ),
    "There are no pictures yet; add some, or give a folder.": "还没有图片；请添加，或指定一个文件夹。",
    "None of the pictures can be used; add readable ones that are large enough, sharp and light.": (
        "所有图片都不可用；请添加可读取、足够大、清晰且明亮的图片。"
    ),
    "The mask arrived damaged; paint it anew.": "收到的蒙版已损坏；请重新涂抹。",
    "There is no picture yet; drop one on the canvas.": "还没有图片；请拖一张到画布上。",
    "There is nothing to open yet; choose a file that ends in .easel.": (
        "还没有可打开的内容；请选择以 .easel 结尾的文件。"
    ),
    "There is no result yet; make one first.": "还没有结果；请先生成。",
    # style pictures
    "The style picture shows {} x {} pixels; choose one of at least {} px a side.": (
        "风格图片只有 {0} x {1} 像素；请选择边长至少 {2} 像素的图片。"
    ),
    "The style picture has one colour only, which is no style; choose a painting or a texture.": (
        "风格图片只有一种颜色，不成风格；请选择一幅画或一种纹理。"
    ),
    "Nothing can be seen of the style picture, as all of it is transparent; choose another.": (
        "风格图片完全透明，看不到任何内容；请另选一张。"
    ),
    "There is no style; choose one of the styles, or give a style picture.": (
        "没有风格；请选择一种风格，或提供风格图片。"
    ),
    "The best quality needs a style picture to come near to; give one.": "最佳质量需要一张风格图片作为目标；请提供。",
    "The best quality paints the whole picture; leave the areas out, or choose the fast method.": (
        "最佳质量会绘制整张图片；请去掉区域，或选择快速方式。"
    ),
    "The model '{}' draws no faces; choose a face model or a VAE.": "模型“{0}”不画人脸；请选择人脸模型或 VAE。",
    "Supplements are drawn after faces only; ask for none, or give portraits.": (
        "只能依据人脸补画；请将补画数量设为 0，或提供肖像照片。"
    ),
    "There are a style and a style picture; give one of them.": "同时给出了风格和风格图片；请只给出其中之一。",
}
